import { createHash } from 'node:crypto';
import type { FieldDefinition } from '../../contract/fields.ts';
import type { Changes } from '../../rules/facts.ts';
import { catalogueOf, type FieldOwner, fieldOwners, foldName, type Schema } from '../../rules/schema.ts';
import type { StoreLog } from '../store.ts';
import { kindOf, type View, type ViewDialect, viewsOf } from '../views.ts';
import { lockDatabase } from './locks.ts';
import { definitionCache } from './schema.ts';
import { quoteLiteral, text } from './sql.ts';
import type { Guard } from './transaction.ts';

const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;

const NUMBER = String.raw`^\s*[-+]?(\d{1,300}(\.\d*)?|\.\d+)([eE][-+]?\d{1,2})?\s*$`;
const INTEGER = String.raw`^\s*-?\d{1,16}(\.0+)?%?\s*$`;
const DATE = String.raw`^\s*(?!0000)\d{4}-(0[1-9]|1[0-2])-\d\d`;
const DATETIME = String.raw`^(?!0000)\d{4}-\d\d-\d\dT([01]\d|2[0-3]):`;

const matches = (value: string, pattern: string): string => `${value} ~ ${quoteLiteral(pattern)}`;

/** A value of JSON that does not have its type, as damage could leave it, is null: it must not fail the query. */
function typedValue(column: string, field: FieldDefinition): string {
  const json = `${column} -> ${text(field.name)}`;
  const value = `(${column} ->> ${text(field.name)})`;
  const isType = (type: string) => `jsonb_typeof(${json}) = '${type}'`;
  switch (kindOf(field)) {
    case 'number':
      return `CASE WHEN ${isType('number')} THEN ${value}::double precision END`;
    case 'integer':
    case 'id':
      return `CASE WHEN ${isType('number')} THEN ${value}::numeric::bigint END`;
    case 'boolean':
      return `CASE WHEN ${isType('boolean')} THEN ${value}::boolean END`;
    case 'date':
      return `CASE WHEN ${matches(value, DATE)} THEN ${value}::date END`;
    case 'time':
      return `CASE WHEN ${matches(value, DATETIME)} THEN ${value}::timestamptz END`;
    default:
      return value;
  }
}

/** Texts were checked only if the field was defined before they were written. */
function readText(column: string, field: FieldDefinition): string {
  const value = `(${column} ->> ${text(field.name)})`;
  switch (kindOf(field)) {
    case 'number':
      return `CASE WHEN ${matches(value, NUMBER)} THEN ${value}::double precision END`;
    case 'integer':
    case 'id':
      return `CASE WHEN ${matches(value, INTEGER)} THEN replace(${value}, '%', '')::numeric::bigint END`;
    case 'boolean':
      return (
        `CASE WHEN lower(trim(${value})) IN ('true', '1') THEN true ` +
        `WHEN lower(trim(${value})) IN ('false', '0') THEN false END`
      );
    case 'date': {
      // Never fails, also for a day that its month does not have.
      const part = (from: number, length: number) => `substr(trim(${value}), ${from}, ${length})::integer`;
      return (
        `CASE WHEN ${matches(value, DATE)} ` +
        `THEN make_date(${part(1, 4)}, ${part(6, 2)}, 1) + (${part(9, 2)} - 1) END`
      );
    }
    default:
      return value;
  }
}

const dialect: ViewDialect = {
  longestName: 63,
  columns: 1500,
  quoteName,
  fieldValue: ({ name, kind }, field) => (kind === 'texts' ? readText(name, field) : typedValue(name, field)),
};

/** The comment of a view made by mktows: others are left alone. The hash tells whether it is up to date. */
const MARK = 'Made by mktows. ';
const markOf = ({ select }: View): string =>
  MARK + createHash('sha256').update(select).digest('hex').slice(0, 16);

/** Selects the relations that can have the name of a view: name, comment. */
const selectRelations =
  "SELECT relname, coalesce(obj_description(oid, 'pg_class'), '') AS mark FROM pg_class " +
  "WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f')";

/** Returns the statements that make the views what the definitions say. `stored`: relation → comment. */
function viewStatements(schema: Schema, stored: ReadonlyMap<string, string>): string[] {
  const isOurs = (name: string) => stored.get(name)?.startsWith(MARK) ?? true;
  const wanted = viewsOf(schema, dialect).filter(({ name }) => isOurs(name));
  const names = new Set(wanted.map(({ name }) => name));
  const gone = [...stored.keys()].filter((name) => isOurs(name) && !names.has(name));
  return [
    ...gone.map((name) => guardedBlock('', `EXECUTE ${quoteLiteral(`DROP VIEW ${quoteName(name)}`)};`)),
    ...wanted.filter((view) => stored.get(view.name) !== markOf(view)).map(replaceView),
  ];
}

/** Returns the statements that follow changed fields. */
export function changedViews(
  { newFields, removedFields = [] }: Pick<Changes, 'newFields' | 'removedFields'>,
  schema: Schema,
): string[] {
  if (newFields.length + removedFields.length === 0) return [];
  const before = new Map(viewsOf(schema, dialect).map((view) => [view.name, markOf(view)]));
  const fields = Object.fromEntries(
    fieldOwners.map((owner) => {
      const custom = new Map(
        schema.fields[owner].all
          .filter((field) => field.custom)
          .map((field) => [foldName(field.name), field]),
      );
      for (const each of removedFields) if (each.owner === owner) custom.delete(foldName(each.name));
      for (const each of newFields)
        if (each.owner === owner) custom.set(foldName(each.field.name), each.field);
      return [owner, catalogueOf(owner, [...custom.values()])];
    }),
  ) as Record<FieldOwner, Schema['fields'][FieldOwner]>;
  return viewStatements({ ...schema, fields }, before);
}

/**
 * How long a view may be held by a query of another program before it is left as it is: calls wait meanwhile. In
 * milliseconds.
 */
const LOCK_TIMEOUT = 1000;

/**
 * Replaces a view, or drops and creates it with the same grants where columns went or changed their type. Other
 * relations of its name are left alone.
 */
function replaceView(view: View): string {
  const name = quoteName(view.name);
  const definition = `VIEW ${name} AS ${view.select}`;
  return guardedBlock(
    'found record; privilege record;',
    `
SELECT oid, relowner, relacl, obj_description(oid, 'pg_class') AS mark INTO found FROM pg_class
  WHERE relname = ${quoteLiteral(view.name)} AND relnamespace = current_schema()::regnamespace;
IF found.oid IS NULL OR found.mark LIKE '${MARK}%' THEN
  BEGIN
    EXECUTE ${quoteLiteral(`CREATE OR REPLACE ${definition}`)};
  EXCEPTION WHEN invalid_table_definition THEN
    EXECUTE ${quoteLiteral(`DROP VIEW ${name}`)};
    EXECUTE ${quoteLiteral(`CREATE ${definition}`)};
    FOR privilege IN SELECT privilege_type, is_grantable, rolname FROM aclexplode(found.relacl)
      LEFT JOIN pg_roles ON pg_roles.oid = grantee WHERE grantee <> found.relowner
    LOOP
      EXECUTE format('GRANT %s ON %I TO %s', privilege.privilege_type, ${quoteLiteral(view.name)},
        coalesce(quote_ident(privilege.rolname), 'PUBLIC'))
        || CASE WHEN privilege.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END;
    END LOOP;
  END;
  EXECUTE ${quoteLiteral(`COMMENT ON VIEW ${name} IS '${markOf(view)}'`)};
END IF;`,
  );
}

/**
 * Runs statements that may fail without failing the transaction: for lack of a right, because another view depends on
 * the view, or because a query holds it. The view then stays as it is until the next change or start.
 */
function guardedBlock(declare: string, statements: string): string {
  const body = `
DECLARE timeout_before text := current_setting('lock_timeout'); ${declare}
BEGIN
PERFORM set_config('lock_timeout', '${LOCK_TIMEOUT}', true);
${statements}
PERFORM set_config('lock_timeout', timeout_before, true);
EXCEPTION WHEN insufficient_privilege OR dependent_objects_still_exist OR lock_not_available OR wrong_object_type THEN
  RAISE WARNING 'mktows: a view stays as it is: %', SQLERRM;
END`;
  return `DO ${quoteLiteral(body)}`;
}

/** Drops all views, as a migration needs before it changes their tables. */
export const dropViews = `
DO ${quoteLiteral(`
DECLARE made record;
BEGIN
FOR made IN ${selectRelations} LOOP
  IF made.mark LIKE '${MARK}%' THEN EXECUTE format('DROP VIEW %I', made.relname); END IF;
END LOOP;
END`)}`;

/**
 * Makes the views, in a database that a version without them or with others wrote. A server needs none of them, so it
 * also starts without the right to make them.
 */
export async function prepareViews(guard: Guard, location: string, log: StoreLog | undefined): Promise<void> {
  const outdated = async (run: Guard['read']): Promise<string[]> => {
    const { schema } = await definitionCache().of(undefined, run, false);
    const [relations = [], [[mayCreate] = []] = []] = await run(selectRelations, selectRight);
    if (mayCreate !== 't') return [];
    return viewStatements(schema, new Map(relations.map(([name, mark]) => [name ?? '', mark ?? ''])));
  };
  if ((await outdated(guard.read)).length === 0) return;
  await guard.write(async ({ run, commit }) => {
    await run(lockDatabase(true));
    await commit(...(await outdated(run)));
  });
  if ((await outdated(guard.read)).length > 0) {
    log?.warn(
      { database: location },
      'some views of the database are not up to date: other views depend on them, or a query held them',
    );
  }
}

const selectRight = "SELECT has_schema_privilege(current_schema(), 'CREATE')";
