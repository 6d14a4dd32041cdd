import { declarationOf } from '../../records/all.ts';
import type { Kind } from '../../records/column.ts';
import type { FieldValue } from '../../records/field-values.ts';
import type {
  BrowseFilter,
  BrowseOperator,
  BrowsePosition,
  BrowseQuery,
  BrowseSubject,
} from '../browsing.ts';
import { columnsOf, type TableColumn, tableNames } from '../columns.ts';

/** How an engine writes what pages compare. Each statement has one of its own. */
export interface BrowseSyntax<Value> {
  /** The values of the statement's parameters so far. */
  readonly values: readonly Value[];
  /** Writes a value of this kind, to be compared with a column. */
  value(kind: Kind, value: FieldValue): string;
  /** Writes a text that is compared with no column. */
  text(text: string): string;
  /** Returns the expression of a subject's value; null if it has none of its kind. */
  expression(subject: BrowseSubject): string;
  /** Returns a comparison that an index can serve, if there is one. */
  compare(subject: BrowseSubject, operator: '=' | '<' | '<=' | '>' | '>=', value: string): string;
  /** Returns the terms that sort by a subject as its index does. */
  order(subject: BrowseSubject): readonly string[];
  /**
   * Returns the condition that a text, in lower case, is in the column, or in a text of its JSON. `isPlain`: JSON
   * writes the text as it is.
   */
  has(column: TableColumn, lowered: string, isPlain: boolean): string;
  /** Returns the condition that a text expression contains a text, in lower case. */
  contains(expression: string, lowered: string): string;
  /** Selects a subject in the form that the engine reads. */
  select(subject: BrowseSubject): string;
  /** Returns the ids of the objects of a type that have this external key in a field. */
  holders(type: string, field: string, value: FieldValue): string;
}

export const idSubject: BrowseSubject = { column: { name: 'id', kind: 'id', nullable: false } };
export const isId = ({ column, member }: BrowseSubject): boolean =>
  member === undefined && column.name === 'id';

/** Lower-cases A to Z only, as both engines do. */
const lowered = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

const signs = { eq: '=', lt: '<', le: '<=', gt: '>', ge: '>=' } as const;
const hasSign = (operator: BrowseOperator): operator is keyof typeof signs => Object.hasOwn(signs, operator);

/** The last code point: a text that starts with a prefix is not above the prefix and this. */
const LAST = '\u{10FFFF}';

/** Returns the condition of a filter. */
export function filterSql(syntax: BrowseSyntax<unknown>, { subject, operator, value }: BrowseFilter): string {
  const expression = syntax.expression(subject);
  const kind = subject.member?.kind ?? (subject.column.kind as Kind);
  if (hasSign(operator)) return syntax.compare(subject, signs[operator], syntax.value(kind, value));
  switch (operator) {
    case 'ne':
      return `(${expression} <> ${syntax.value(kind, value)} OR ${expression} IS NULL)`;
    case 'isNull':
      return `${expression} IS ${value === true ? '' : 'NOT '}NULL`;
    case 'starts': {
      const from = syntax.compare(subject, '>=', syntax.value(kind, value));
      return `(${from} AND ${syntax.compare(subject, '<=', syntax.value(kind, `${value}${LAST}`))})`;
    }
    case 'contains':
      return syntax.contains(expression, syntax.text(lowered(String(value))));
  }
}

/** Operators whose objects an index can find. */
const selective: ReadonlySet<BrowseOperator> = new Set(['eq', 'lt', 'le', 'gt', 'ge', 'starts']);
export const isSelective = ({ operator }: BrowseFilter): boolean => selective.has(operator);

function searchSql(syntax: BrowseSyntax<unknown>, { type, search = '' }: BrowseQuery): string {
  const needle = lowered(search);
  // A folded column holds a digest of a long text, which is no text of the object; its source is searched.
  const columns = columnsOf(declarationOf[type]).filter(
    ({ kind, isFolded }) => ['text', 'texts', 'custom'].includes(kind) && isFolded !== true,
  );
  const isPlain = JSON.stringify(needle) === `"${needle}"`;
  const parts = columns.map((column) => syntax.has(column, syntax.text(needle), isPlain));
  if (/^\d{1,15}$/.test(search)) parts.push(`id = ${syntax.value('id', Number(search))}`);
  return `(${parts.join(' OR ')})`;
}

/** Returns the conditions of a query, without those of its position. */
export function conditionsSql(syntax: BrowseSyntax<unknown>, query: BrowseQuery): string[] {
  const filters = query.filters.map((filter) => filterSql(syntax, filter));
  return query.search === undefined || query.search === '' ? filters : [...filters, searchSql(syntax, query)];
}

/** Returns the condition that an object comes after a position. */
export function afterSql(
  syntax: BrowseSyntax<unknown>,
  { sort: { subject, descending } }: BrowseQuery,
  { id, value }: BrowsePosition,
): string {
  const beyond = descending ? '<' : '>';
  const later = `id ${beyond} ${syntax.value('id', id)}`;
  if (isId(subject)) return later;
  const expression = syntax.expression(subject);
  if (value === null) return `(${expression} IS NULL AND ${later})`;
  const kind = subject.member?.kind ?? (subject.column.kind as Kind);
  const own = syntax.value(kind, value);
  return `(${expression} ${beyond} ${own} OR (${expression} = ${own} AND ${later}) OR ${expression} IS NULL)`;
}

/** Returns the terms of ORDER BY, with objects without a value last. */
export function orderSql(
  syntax: BrowseSyntax<unknown>,
  { sort: { subject, descending } }: BrowseQuery,
): string {
  const direction = descending ? ' DESC' : '';
  if (isId(subject)) return `id${direction}`;
  const expression = syntax.expression(subject);
  return `(${expression} IS NULL), ${expression}${direction}, id${direction}`;
}

export const tableOf = ({ type }: BrowseQuery): string => tableNames[type];
