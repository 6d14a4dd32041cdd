import { DateTime } from 'luxon';
import type { RecordType } from '../records/all.ts';
import type { Kind } from '../records/column.ts';
import type { FieldValue } from '../records/field-values.ts';
import { closestName, quote } from '../rules/refusal.ts';
import { utcTime } from '../rules/utc-time.ts';
import {
  type BrowseFilter,
  type BrowseOperator,
  type BrowsePosition,
  type BrowseQuery,
  browseOperators,
} from '../store/browsing.ts';
import { findObjectField, type ObjectField } from './object-fields.ts';
import { wrongParameter, wrongPosition } from './validate.ts';

/** A list of objects, as its query parameters say it. */
export interface WrittenQuery {
  readonly where?: readonly string[] | undefined;
  readonly sort?: string | undefined;
  readonly search?: string | undefined;
  readonly after?: string | undefined;
  readonly limit?: number | undefined;
}

const LIMIT = 50;
const DEFAULT_SORT = '-id';

/** Reads the query of a list. Throws a `Problem` that names the parameter, the field and what was expected. */
export function readObjectQuery(
  type: RecordType,
  fields: readonly ObjectField[],
  { where = [], sort = DEFAULT_SORT, search, after, limit = LIMIT }: WrittenQuery,
): BrowseQuery {
  const descending = sort.startsWith('-');
  const field = fieldNamed(type, fields, descending ? sort.slice(1) : sort, 'sort');
  return {
    type,
    filters: where.map((written) => readFilter(type, fields, written)),
    search: search?.trim() || undefined,
    sort: { subject: field.subject, descending },
    after: after === undefined ? undefined : readPosition(after, sort, field.kind),
    limit,
  };
}

function fieldNamed(
  type: RecordType,
  fields: readonly ObjectField[],
  name: string,
  parameter: string,
): ObjectField {
  const found = findObjectField(type, fields, name);
  if (found !== undefined) return found;
  const close = closestName(
    name,
    fields.map((each) => each.name),
  );
  const meant = close === undefined ? '' : `; did you mean ${close}?`;
  throw wrongParameter(parameter, `${type} has no field ${quote(name)}${meant}`);
}

/** Operators that compare parts of texts. */
const ofTexts: ReadonlySet<BrowseOperator> = new Set(['starts', 'contains']);

/** Reads `field:operator:value`. The value may contain colons. */
function readFilter(type: RecordType, fields: readonly ObjectField[], written: string): BrowseFilter {
  const [name = '', sign, ...rest] = written.split(':');
  const operator = browseOperators.find((each) => each === sign);
  if (operator === undefined) {
    throw wrongParameter(
      'where',
      `${quote(written)} is no condition; expected field:operator:value with the operator ` +
        `${browseOperators.join(', ')}, such as Stage:eq:Won`,
    );
  }
  const field = fieldNamed(type, fields, name, 'where');
  const text = rest.join(':');
  if (ofTexts.has(operator) && field.kind !== 'text') {
    throw wrongParameter(
      'where',
      `${field.name} is of type ${field.dataType}; ${operator} compares texts only`,
    );
  }
  const kind = operator === 'isNull' ? 'boolean' : field.kind;
  const value = readers[kind](operator === 'isNull' && text === '' ? 'true' : text);
  if (value === undefined) {
    throw wrongParameter(
      'where',
      `${field.name} ${operator} ${quote(text)}: expected ${expected[kind]}, since the field is of type ${field.dataType}`,
    );
  }
  return { subject: field.subject, operator, value };
}

const expected: Readonly<Record<Kind, string>> = {
  id: 'an id: a whole number',
  text: 'a text',
  integer: 'a whole number',
  number: 'a number such as 501.25',
  boolean: 'true or false',
  date: 'a date such as 2026-03-31',
  time: 'a time such as 2026-03-31T12:00:00Z',
  texts: 'a text',
  json: 'a text',
};

const wholeNumber = (text: string) => (/^-?\d{1,15}$/.test(text) ? Number(text) : undefined);

const readers: Readonly<Record<Kind, (text: string) => FieldValue | undefined>> = {
  id: wholeNumber,
  integer: wholeNumber,
  text: (text) => text,
  texts: (text) => text,
  json: (text) => text,
  number: (text) => (/^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined),
  boolean: (text) => (text === 'true' ? true : text === 'false' ? false : undefined),
  date: (text) => (/^\d{4}-\d\d-\d\d$/.test(text) && DateTime.fromISO(text).isValid ? text : undefined),
  time: (text) => {
    const time = DateTime.fromISO(text, { zone: 'utc' });
    return time.isValid ? utcTime(time.toMillis()) : undefined;
  },
};

/** Writes a position as a text that goes back as `after`. */
export const writePosition = (sort: string | undefined, { id, value }: BrowsePosition): string =>
  Buffer.from(JSON.stringify([sort ?? DEFAULT_SORT, id, value])).toString('base64url');

function readPosition(text: string, sort: string, kind: Kind): BrowsePosition {
  const [writtenSort, id, value] = parsed(text);
  if (!Number.isSafeInteger(id)) throw wrongPosition();
  if (writtenSort !== sort) {
    throw wrongParameter(
      'after',
      `this position is of a list sorted by ${quote(String(writtenSort))}, not by ${quote(sort)}`,
    );
  }
  const type =
    kind === 'boolean' ? 'boolean' : ['id', 'integer', 'number'].includes(kind) ? 'number' : 'string';
  const isFit =
    value === null ||
    (typeof value === type && (kind === 'text' || readers[kind](String(value)) !== undefined));
  if (!isFit) throw wrongPosition();
  return { id: id as number, value: value as FieldValue | null };
}

function parsed(text: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}
