import type { FieldDefinition } from '../contract/fields.ts';
import { declarations, isKeyed } from '../records/all.ts';
import { columnName, fieldKinds } from '../records/column.ts';
import type { Declaration } from '../records/declare.ts';
import { foldName, type Schema } from '../rules/schema.ts';
import { columnsOf, ownerColumn, partColumns, type TableColumn } from './columns.ts';

/** A view for people: the columns of a table, and one for each field that has no column in it. */
export interface View {
  readonly name: string;
  /** The statement that selects its rows, with the names of the columns. */
  readonly select: string;
}

/** The SQL of an engine. */
export interface ViewDialect {
  /** The longest name, in bytes. */
  readonly longestName: number;
  /** The most columns of a view made here; less than the engine's limit. */
  readonly columns: number;
  quoteName(name: string): string;
  /**
   * Returns the expression of a field's value in a column of JSON, as the engine has the field's data type. `custom`
   * columns hold typed values, `texts` columns texts.
   */
  fieldValue(column: Pick<TableColumn, 'name' | 'kind'>, field: FieldDefinition): string;
}

/**
 * Returns the views of all record types and of what belongs to records. They follow from the definitions, so they are
 * made by code and not by migrations.
 */
export function viewsOf(schema: Schema, dialect: ViewDialect): View[] {
  const all: readonly Declaration[] = declarations;
  return all.flatMap((declaration) => {
    const { section, table, parts } = declaration;
    const ofParts = Object.values(parts).map((part): View => {
      const names =
        part.kind === 'rows'
          ? partColumns(part, declaration).map(({ name }) => name)
          : [ownerColumn(declaration), part.nameColumn, 'value'];
      return { name: `${part.table}s`, select: `SELECT ${names.join(', ')} FROM ${part.table}` };
    });
    const columns = recordColumns(declaration, schema, dialect);
    return [{ name: columnName(section), select: `SELECT ${columns.join(', ')} FROM ${table}` }, ...ofParts];
  });
}

function recordColumns(declaration: Declaration, schema: Schema, dialect: ViewDialect): string[] {
  const stored = columnsOf(declaration);
  const plain = stored.filter(({ kind, name }) => kind !== 'custom' && !isFolded(declaration, name));
  const taken = new Set(plain.map(({ name }) => foldName(name)));
  const holder = stored.find(({ kind }) => kind === 'custom') ?? stored.find(({ kind }) => kind === 'texts');
  const columns = plain.map(({ name }) => name);
  if (holder === undefined) return columns;
  const room = dialect.columns - columns.length;
  for (const field of fieldsOf(declaration, schema, taken).slice(0, room)) {
    const name = freeName(field.name, taken, dialect.longestName);
    columns.push(`${dialect.fieldValue(holder, field)} AS ${dialect.quoteName(name)}`);
  }
  return columns;
}

/** Tells whether a column only repeats another one in the form that lookups compare. */
const isFolded = ({ columns }: Declaration, name: string): boolean =>
  Object.entries(columns).some(
    ([property, column]) => 'foldedOf' in column && (column.name ?? columnName(property)) === name,
  );

/**
 * Returns the fields without a column of their own. They are in the order of their definition, so that a new one is
 * added at the end: PostgreSQL then replaces a view without dropping it.
 */
function fieldsOf({ name }: Declaration, { fields }: Schema, taken: ReadonlySet<string>): FieldDefinition[] {
  const type = name as keyof Schema['fields'];
  if (!isKeyed(type)) return [];
  const hasColumn = (field: FieldDefinition) =>
    !field.custom && (taken.has(foldName(field.name)) || taken.has(columnName(field.name)));
  const order = ({ custom, definedAt = '', name: own }: FieldDefinition) =>
    `${custom ? 1 : 0} ${definedAt} ${foldName(own)}`;
  return fields[type].all
    .filter((field) => !hasColumn(field))
    .map((field) => [order(field), field] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, field]) => field);
}

/** Cuts a name to what the engine can hold, and numbers names that are equal without case. */
function freeName(name: string, taken: Set<string>, longest: number): string {
  for (let number = 1; ; number += 1) {
    const end = number === 1 ? '' : `_${number}`;
    const free = `${cut(name, longest - end.length)}${end}`;
    if (taken.has(foldName(free))) continue;
    taken.add(foldName(free));
    return free;
  }
}

/** Returns the characters of a text that fit into so many bytes of UTF-8. */
function cut(text: string, bytes: number): string {
  let left = bytes;
  let end = 0;
  for (const character of text) {
    left -= Buffer.byteLength(character);
    if (left < 0) break;
    end += character.length;
  }
  return text.slice(0, end);
}

/** The kinds of the values of a field. */
export const kindOf = ({ dataType }: FieldDefinition) => fieldKinds[dataType];
