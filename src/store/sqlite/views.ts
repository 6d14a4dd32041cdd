import type { DatabaseSync } from 'node:sqlite';
import type { FieldDefinition } from '../../contract/fields.ts';
import type { Schema } from '../../rules/schema.ts';
import { kindOf, type View, type ViewDialect, viewsOf } from '../views.ts';
import { rowQuery } from './statements.ts';

/** Marks a view as made by mktows; others are left alone. */
export const VIEW_MARK = '/* made by mktows */';

const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;
const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Names that can stand in a JSON path without escapes, which SQLite compares as they are written in the JSON. */
const PLAIN_NAME = /^[\w .-]+$/;

/** Returns the expression of the value under a name in a JSON object. */
function jsonValue(column: string, name: string): string {
  if (PLAIN_NAME.test(name)) return `${column} ->> ${text(`$."${name}"`)}`;
  return `(SELECT value FROM json_each(${column}) WHERE key = ${text(name)})`;
}

function typedValue(value: string, field: FieldDefinition): string {
  switch (kindOf(field)) {
    case 'number':
      return `CAST(${value} AS REAL)`;
    case 'integer':
    case 'id':
      return `CAST(${value} AS INTEGER)`;
    default:
      return value;
  }
}

/** Texts were checked only if the field was defined before they were written. */
function readText(value: string, field: FieldDefinition): string {
  const trimmed = `trim(${value})`;
  switch (kindOf(field)) {
    case 'number':
    case 'integer':
    case 'id':
      return `CASE WHEN ${trimmed} GLOB '[-+.0-9]*' THEN ${typedValue(value, field)} END`;
    case 'boolean':
      return `CASE lower(${trimmed}) WHEN 'true' THEN 1 WHEN '1' THEN 1 WHEN 'false' THEN 0 WHEN '0' THEN 0 END`;
    case 'date':
      return `CASE WHEN ${trimmed} GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]*' THEN substr(${trimmed}, 1, 10) END`;
    default:
      return value;
  }
}

const dialect: ViewDialect = {
  longestName: 1000,
  columns: 1500,
  quoteName,
  fieldValue({ name, kind }, field) {
    const value = jsonValue(name, field.name);
    return kind === 'texts' ? readText(value, field) : typedValue(value, field);
  },
};

const sqlOf = ({ name, select }: View): string => `CREATE VIEW ${quoteName(name)} ${VIEW_MARK} AS ${select}`;

interface StoredObject {
  readonly sql: string;
  readonly isOurs: boolean;
}

/** Returns the tables and views of the database. */
function storedObjects(db: DatabaseSync): Map<string, StoredObject> {
  const rows = rowQuery<[], [string, string]>(
    db,
    "SELECT name, sql FROM sqlite_master WHERE type IN ('table', 'view')",
  ).all();
  return new Map(
    rows.map(([name, sql]) => [name, { sql, isOurs: /^CREATE VIEW/i.test(sql) && sql.includes(VIEW_MARK) }]),
  );
}

/** Returns the statements that make the views what the definitions say; none if they are. */
export function viewStatements(db: DatabaseSync, schema: Schema): string[] {
  const stored = storedObjects(db);
  const wanted = new Map(viewsOf(schema, dialect).map((view) => [view.name, sqlOf(view)]));
  const statements: string[] = [];
  for (const [name, { isOurs, sql }] of stored) {
    if (isOurs && wanted.get(name) !== sql) statements.push(`DROP VIEW ${quoteName(name)}`);
  }
  for (const [name, sql] of wanted) {
    const found = stored.get(name);
    if (found === undefined || (found.isOurs && found.sql !== sql)) statements.push(sql);
  }
  return statements;
}

/** Returns the statements that drop all views, as a migration needs before it changes their tables. */
export const dropStatements = (db: DatabaseSync): string[] =>
  [...storedObjects(db)].flatMap(([name, { isOurs }]) => (isOurs ? [`DROP VIEW ${quoteName(name)}`] : []));
