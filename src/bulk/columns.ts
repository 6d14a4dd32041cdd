import type { ReferenceTarget } from '../contract/fields.ts';
import { closestName, quote } from '../rules/refusal.ts';
import { foldName, oneOf } from '../rules/schema.ts';
import type { FieldKind } from './values.ts';

/** The meaning of a column's values. */
export type Column =
  | { readonly kind: 'field'; readonly field: FieldKind }
  | { readonly kind: 'id' }
  /** The external key; `field` is undefined if no field has its name. */
  | { readonly kind: 'key'; readonly name: string; readonly field: FieldKind | undefined }
  /** An object that the row belongs to, by id (`key` undefined) or by an external key. */
  | { readonly kind: 'association'; readonly target: ReferenceTarget; readonly key: string | undefined }
  | { readonly kind: 'skipped' };

export type FoundColumn = Column | { readonly problem: string };

/** A field as describeMObject tells it. */
export type DescribedField = FieldKind & { readonly displayName: string | null };

export interface ColumnOptions {
  readonly type: string;
  readonly fields: readonly DescribedField[];
  /** The types of the objects that a row can belong to. */
  readonly targets: readonly ReferenceTarget[];
  /** Returns the field that a column means by its exact header, before display names are compared. */
  readonly exactField?: (header: string) => FieldKind | undefined;
  /** Header → what it is; an empty text leaves the column out. */
  readonly map: ReadonlyMap<string, string>;
  /** Header, or field, of the column that holds the external key. */
  readonly externalKey: string | undefined;
  /** The treatment of columns that are no field of the type. */
  readonly unknown: 'fail' | 'skip' | 'send';
}

export interface Columns {
  /** Returns the meaning of the column under a header; always the same for the same header. */
  find(header: string): FoundColumn;
  /** Why these headers cannot be read together; empty if they can. */
  problemsOf(headers: readonly string[]): readonly string[];
}

/** `Close Date`, `close_date` and `CLOSEDATE` are one name; so are `Probability (%)` and `Probability`. */
export const foldHeader = (header: string): string =>
  header
    .toLowerCase()
    .normalize('NFKC')
    .replace(/[^\p{L}\p{N}]/gu, '');

/** The attributes that the server sets itself; it ignores what is sent for them. */
const serverSet: ReadonlySet<string> = new Set(['createdat', 'updatedat']);

/** Tells what the columns of a file are, by names of fields, by display names, or as `--map` says. */
export function createColumns(options: ColumnOptions): Columns {
  const { type, fields, targets, exactField, externalKey, unknown } = options;
  const map = new Map(Array.from(options.map, ([header, target]) => [foldHeader(header), target] as const));
  const byHeader = new Map<string, FieldKind>();
  for (const field of fields) byHeader.set(foldHeader(field.displayName ?? field.name), field);
  for (const field of fields) byHeader.set(foldHeader(field.name), field);
  byHeader.delete('id');
  // `Deal-Size` and `Deal Size` can be two fields.
  const byName = new Map(fields.map((field) => [foldName(field.name), field] as const));
  byName.delete('id');
  const found = new Map<string, FoundColumn>();

  /** The column of a name, without regard to `--map`; undefined if there is none. */
  function named(name: string): Column | undefined {
    const folded = foldHeader(name);
    if (folded === 'id') return { kind: 'id' };
    const exact = exactField?.(name);
    if (exact !== undefined) return { kind: 'field', field: exact };
    const association = associationOf(name, targets);
    if (association !== undefined) return association;
    const field =
      byName.get(foldName(name)) ?? byHeader.get(folded) ?? byHeader.get(withoutType(folded, type));
    if (field !== undefined) return { kind: 'field', field };
    return serverSet.has(folded) ? { kind: 'skipped' } : undefined;
  }

  function look(header: string): FoundColumn {
    const target = map.get(foldHeader(header));
    if (target === '') return { kind: 'skipped' };
    const name = target ?? header;
    const column = named(name);
    if (isKey(header, column)) return keyColumn(header, name, column);
    if (column !== undefined) return column;
    if (unknown === 'skip') return { kind: 'skipped' };
    if (unknown === 'send') return { kind: 'field', field: { name, dataType: 'text', size: null } };
    return { problem: unknownText(header, target, options) };
  }

  const isKey = (header: string, column: Column | undefined): boolean =>
    externalKey !== undefined &&
    (foldHeader(header) === foldHeader(externalKey) ||
      (column?.kind === 'field' && foldName(column.field.name) === foldName(externalKey)));

  function keyColumn(header: string, name: string, column: Column | undefined): FoundColumn {
    if (column?.kind === 'field') return { kind: 'key', name: column.field.name, field: column.field };
    if (unknown === 'send' && column === undefined) return { kind: 'key', name, field: undefined };
    return {
      problem: `--external-key ${quote(header)}: ${type} has no field ${quote(name)}; say which one holds it, as in --map "${header}=FSOpportunityID"`,
    };
  }

  function find(header: string): FoundColumn {
    let column = found.get(header);
    if (column === undefined) {
      column = look(header);
      found.set(header, column);
    }
    return column;
  }

  return { find, problemsOf: (headers) => problemsOf(headers, find, options) };
}

/** Returns what the column under a header is taken for, in words. */
export function meaningOf(columns: Columns, header: string): string {
  const column = columns.find(header);
  if ('problem' in column) return column.problem;
  switch (column.kind) {
    case 'field':
      return column.field.name;
    case 'id':
      return 'id';
    case 'key':
      return `external key ${column.name}`;
    case 'association':
      return `${column.target} by ${column.key ?? 'id'}`;
    case 'skipped':
      return 'left out';
  }
}

function problemsOf(
  headers: readonly string[],
  find: Columns['find'],
  { map, externalKey, type }: ColumnOptions,
): string[] {
  const problems: string[] = [];
  const taken = new Map<string, string>();
  for (const header of headers) {
    const column = find(header);
    if ('problem' in column) {
      problems.push(column.problem);
      continue;
    }
    const identity = identityOf(column);
    const other = taken.get(identity);
    if (identity !== '' && other !== undefined) {
      problems.push(
        foldHeader(other) === foldHeader(header)
          ? `two columns are headed ${quote(header)}; rename one of them in the file`
          : `the columns ${quote(other)} and ${quote(header)} are both ${identity}; leave one out, as in --map "${header}="`,
      );
    }
    taken.set(identity, header);
  }
  const folded = new Set(headers.map(foldHeader));
  for (const header of map.keys()) {
    if (!folded.has(foldHeader(header))) problems.push(`--map: ${noColumn(header, headers)}`);
  }
  const hasKey = headers.some((header) => {
    const column = find(header);
    return 'kind' in column ? column.kind === 'key' : column.problem.startsWith('--external-key');
  });
  if (externalKey !== undefined && !hasKey) {
    problems.push(
      `--external-key: ${noColumn(externalKey, headers)}, and no column holds such a field of ${type}`,
    );
  }
  return problems;
}

function identityOf(column: Column): string {
  if (column.kind === 'skipped') return '';
  if (column.kind === 'field') return column.field.name;
  if (column.kind === 'key') return column.name;
  return column.kind === 'id' ? 'the id' : `the association with ${column.target}`;
}

function noColumn(header: string, headers: readonly string[]): string {
  const close = closestName(header, headers);
  return `there is no column ${quote(header)}${close === undefined ? '' : `; did you mean ${quote(close)}?`}`;
}

/** `opportunityname` → `name`, as CRMs export it. Their `Opportunity ID` is no id of this server. */
function withoutType(folded: string, type: string): string {
  const prefix = type.toLowerCase();
  return folded.startsWith(prefix) && folded !== `${prefix}id` ? folded.slice(prefix.length) : '';
}

/** `Company.id`, `Lead.Email`. */
function associationOf(name: string, targets: readonly ReferenceTarget[]): Column | undefined {
  const [, before = '', key = ''] = /^\s*(\w+)\s*\.\s*(.+?)\s*$/.exec(name) ?? [];
  const target = oneOf(targets, before);
  if (target === undefined) return undefined;
  return { kind: 'association', target, key: foldName(key) === 'id' ? undefined : key };
}

function unknownText(
  header: string,
  target: string | undefined,
  { type, fields, exactField, externalKey }: ColumnOptions,
): string {
  if (header.trim() === '') return 'a column has no header; give it one in the file, or remove the column';
  const name = target ?? header;
  const subject = target === undefined ? `column ${quote(header)}` : `--map "${header}=${target}"`;
  const leaveOut = `--map "${header}=" leaves the column out, --unknown skip all such columns`;
  if (foldHeader(name) === `${type.toLowerCase()}id` && externalKey === undefined) {
    return `${subject}: whose ids are these? --map "${header}=id" says those of the server, --map "${header}=FIELD" those of another system, kept in that field; ${leaveOut}`;
  }
  const names = fields.flatMap((field): string[] =>
    field.displayName === null ? [field.name] : [field.displayName, field.name],
  );
  const close = closestName(name, names);
  const field = fields.find((each) => each.name === close || each.displayName === close)?.name;
  const meant = field === undefined ? '' : `; did you mean ${field}? Then --map "${header}=${field}"`;
  const asKey = `externalKeys.${name}`;
  const key =
    target === undefined && exactField?.(asKey)
      ? `; --map "${header}=${asKey}" makes it an external key`
      : '';
  return `${subject}: ${type} has no such field${meant}${key}; ${leaveOut}`;
}
