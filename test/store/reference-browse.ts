import { declarationOf, type Records, type RecordType } from '../../src/records/all.ts';
import { columnName } from '../../src/records/column.ts';
import type { FieldValue, FieldValues } from '../../src/records/field-values.ts';
import { foldedText } from '../../src/rules/lookups.ts';
import type {
  BrowseFilter,
  BrowsePage,
  BrowseQuery,
  BrowseSubject,
  BrowseTotal,
  Browsing,
} from '../../src/store/browsing.ts';
import { columnsOf } from '../../src/store/columns.ts';
import type { ReferenceState } from './reference-state.ts';

type Cells = ReadonlyMap<string, unknown>;

/** What the columns of a record hold. */
function cellsOf(type: RecordType, record: Records[RecordType]): Cells {
  const { columns } = declarationOf[type];
  const { values, ...properties } = record as unknown as Record<string, unknown> & { values?: FieldValues };
  const own = Object.entries(properties).map(([property, value]): [string, unknown] => [
    columns[property]?.name ?? columnName(property),
    value,
  ]);
  const fields = Array.from(values?.entries() ?? []).map(([name, value]): [string, unknown] => [
    columnName(name),
    value,
  ]);
  const foldedCells = Object.entries(columns).flatMap(
    ([property, { name, foldedOf }]): [string, unknown][] => {
      if (foldedOf === undefined) return [];
      const text = properties[foldedOf];
      return [[name ?? columnName(property), typeof text === 'string' ? foldedText(text) : null]];
    },
  );
  return new Map<string, unknown>([
    ...own,
    ...foldedCells,
    ...fields,
    ['custom', values?.custom ?? new Map()],
  ]);
}

const isNumber = (kind: string) => ['id', 'integer', 'number'].includes(kind);

function subjectIn(cells: Cells, { column, member }: BrowseSubject): FieldValue | null {
  if (member === undefined) return (cells.get(column.name) ?? null) as FieldValue | null;
  const value = (cells.get(column.name) as ReadonlyMap<string, FieldValue>).get(member.name) ?? null;
  const expected = isNumber(member.kind) ? 'number' : member.kind === 'boolean' ? 'boolean' : 'string';
  return typeof value === expected ? value : null;
}

const compare = (a: FieldValue, b: FieldValue) =>
  typeof a === 'string' ? Buffer.compare(Buffer.from(a), Buffer.from(String(b))) : Number(a) - Number(b);

const folded = (text: string) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

function meets(cells: Cells, { subject, operator, value }: BrowseFilter): boolean {
  const held = subjectIn(cells, subject);
  if (operator === 'isNull') return (held === null) === value;
  if (operator === 'ne') return held === null || compare(held, value) !== 0;
  if (held === null) return false;
  if (operator === 'starts') return String(held).startsWith(String(value));
  if (operator === 'contains') return folded(String(held)).includes(folded(String(value)));
  const order = compare(held, value);
  return { eq: order === 0, lt: order < 0, le: order <= 0, gt: order > 0, ge: order >= 0 }[operator];
}

function hasText(cells: Cells, { type, search }: BrowseQuery): boolean {
  if (!search) return true;
  if (String(cells.get('id')) === search) return true;
  return columnsOf(declarationOf[type]).some(({ name, kind, isFolded }) => {
    if (isFolded) return false;
    const held = cells.get(name) ?? null;
    const texts =
      kind === 'text'
        ? [held]
        : kind === 'texts' || kind === 'custom'
          ? [...(held as Map<string, unknown>).values()]
          : [];
    return texts.some((text) => typeof text === 'string' && folded(text).includes(folded(search)));
  });
}

/** Lists objects by a look at every one. */
export function browsingIn(state: () => ReferenceState): Browsing {
  return {
    async page<Type extends RecordType>(query: BrowseQuery & { readonly type: Type }) {
      const { type, sort, after, limit } = query;
      const sign = sort.descending ? -1 : 1;
      const found = [...state().records[type].values()]
        .map((record) => ({ record: record as Records[Type], cells: cellsOf(type, record) }))
        .filter(({ cells }) => query.filters.every((filter) => meets(cells, filter)) && hasText(cells, query))
        .map(({ record, cells }) => ({ record, id: record.id, value: subjectIn(cells, sort.subject) }));
      const order = (a: { id: number; value: FieldValue | null }, b: typeof a) => {
        if (a.value === null || b.value === null) {
          return Number(a.value === null) - Number(b.value === null) || sign * (a.id - b.id);
        }
        return sign * (compare(a.value, b.value) || a.id - b.id);
      };
      const rest = found.sort(order).filter((each) => after === undefined || order(each, after) > 0);
      const page = rest.slice(0, limit);
      const last = page.at(-1);
      const next = rest.length > limit && last ? { id: last.id, value: last.value } : null;
      return { type, records: page.map(({ record }) => record), next } satisfies BrowsePage<Type>;
    },
    count: async (type) => state().records[type].size,
    keys: async () => {
      throw new Error('the reference store does not list keys');
    },
    mentions: async () => {
      throw new Error('the reference store does not search its journal');
    },
    totals: async (): Promise<BrowseTotal[]> => {
      throw new Error('the reference store has no totals');
    },
  };
}
