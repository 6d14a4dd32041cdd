import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { declarationOf, type Records, type RecordType, recordTypes } from '../../src/records/all.ts';
import type { FieldValue } from '../../src/records/field-values.ts';
import type { AnyRecordChange } from '../../src/rules/facts.ts';
import { foldedText } from '../../src/rules/lookups.ts';
import { idSubject } from '../../src/store/browse/sql.ts';
import {
  type BrowseFilter,
  type BrowseOperator,
  type BrowseQuery,
  type BrowseSubject,
  kindOf,
} from '../../src/store/browsing.ts';
import { columnsOf } from '../../src/store/columns.ts';
import { openStore } from '../../src/store/open.ts';
import type { Store } from '../../src/store/store.ts';
import { randomNumbers, SEED } from '../random-numbers.ts';
import { field, lead, mObject, program, write } from './fixture.ts';
import { openReferenceStore } from './reference-store.ts';
import { type EngineDatabase, overBothEngines } from './test-engines.ts';

const random = randomNumbers(SEED);
const below = (count: number) => Math.floor(random() * count);
const oneOf = <Item>(items: readonly Item[]): Item => items[below(items.length)] as Item;

const texts = [
  '',
  'a',
  'A',
  'ab',
  'Ab%',
  'b_',
  'Ähre',
  "o'Neil",
  '\uffee',
  '\u{1F600}',
  'x'.repeat(700),
  'x'.repeat(700).concat('y'),
  '12',
];
const values: Readonly<Record<string, () => FieldValue>> = {
  id: () => 1 + below(20),
  text: () => oneOf(texts),
  integer: () => below(5) - 2,
  number: () => oneOf([-1.5, 0, 0.1, 7, 1e20]),
  boolean: () => random() < 0.5,
  date: () => oneOf(['2026-01-31', '2026-02-01', '0001-01-01']),
  time: () => oneOf(['2026-11-23T12:00:00.000Z', '2026-11-23T12:00:00.001Z', '1999-01-01T00:00:00.000Z']),
};
const customFields = { Region: 'text', Score: 'number', Flag: 'boolean', Due: 'date' } as const;

function opportunities(count: number): AnyRecordChange[] {
  return Array.from({ length: count }, (_, index): AnyRecordChange => {
    const maybe = (kind: string) => (random() < 0.7 ? values[kind]?.() : undefined);
    const held = {
      Name: maybe('text'),
      Stage: maybe('text'),
      Amount: maybe('number'),
      CloseDate: maybe('date'),
      CompanyId: maybe('id'),
      IsWon: maybe('boolean'),
      FiscalYear: maybe('integer'),
      ExternalCreatedDate: maybe('time'),
      ...Object.fromEntries(Object.entries(customFields).map(([name, kind]) => [name, maybe(kind)])),
    };
    const given = Object.entries(held).filter((each): each is [string, FieldValue] => each[1] !== undefined);
    // Gaps between ids.
    const id = index * 3 + 1;
    const record = mObject(id, Object.fromEntries(given), { updatedAt: String(values.time?.()) });
    return { type: 'Opportunity', before: undefined, after: record };
  });
}

const leads = (count: number): AnyRecordChange[] =>
  Array.from({ length: count }, (_, index) => ({
    type: 'Lead',
    before: undefined,
    after: lead(index * 1000 + 1, { Country: String(values.text?.()) }, random() < 0.5 ? oneOf(texts) : null),
  }));

const contents = [
  ...opportunities(400),
  ...leads(50),
  { type: 'Program' as const, before: undefined, after: program(7) },
];

const members: Readonly<Record<string, readonly BrowseSubject['member'][]>> = {
  custom: Object.entries(customFields).map(([name, kind]) => ({ name, kind })),
  texts: [{ name: 'Country', kind: 'text' }],
};

const subjectsOf = (type: RecordType): BrowseSubject[] =>
  columnsOf(declarationOf[type]).flatMap((column) => {
    const own = members[column.kind];
    return own === undefined ? [{ column }] : own.flatMap((member) => (member ? [{ column, member }] : []));
  });

function anyFilter(type: RecordType): BrowseFilter {
  const subject = oneOf(subjectsOf(type));
  const kind = kindOf(subject);
  const operators: readonly BrowseOperator[] =
    kind === 'text'
      ? ['eq', 'ne', 'lt', 'le', 'gt', 'ge', 'starts', 'contains', 'isNull']
      : ['eq', 'ne', 'lt', 'le', 'gt', 'ge', 'isNull'];
  const operator = oneOf(operators);
  return { subject, operator, value: operator === 'isNull' ? random() < 0.5 : (values[kind]?.() ?? '') };
}

function anyQuery(type: RecordType): BrowseQuery {
  return {
    type,
    filters: Array.from({ length: below(3) }, () => anyFilter(type)),
    search: random() < 0.2 ? oneOf(['a', 'AB', '7', 'hre', '%', "'"]) : undefined,
    sort: { subject: oneOf(subjectsOf(type)), descending: random() < 0.5 },
    after: undefined,
    limit: oneOf([7, 50, 1000]),
  };
}

/** The ids of all pages. */
async function idsOf(store: Store, query: BrowseQuery): Promise<number[]> {
  const ids: number[] = [];
  let { after } = query;
  for (let pages = 0; pages < 1000; pages += 1) {
    const page = await store.browsing.page({ ...query, after });
    expect(page.records.length).toBeLessThanOrEqual(query.limit);
    ids.push(...page.records.map(({ id }) => id));
    if (page.next === null) return ids;
    after = page.next;
  }
  throw new Error('the pages have no end');
}

const sortedBy = (name: string, some: Partial<BrowseQuery> = {}): BrowseQuery & { type: 'Opportunity' } => {
  const subject = subjectsOf('Opportunity').find(({ column }) => column.name === name) as BrowseSubject;
  const sort = { subject, descending: false };
  return { filters: [], search: undefined, sort, after: undefined, limit: 50, ...some, type: 'Opportunity' };
};

await overBothEngines((engine) => {
  describe('browsing', () => {
    let database: EngineDatabase;
    let store: Store;
    const reference = openReferenceStore();
    beforeAll(async () => {
      database = await engine.open();
      store = await openStore(database.url);
      const newFields = Object.keys(customFields).map((name) => ({
        owner: 'Opportunity' as const,
        field: field(name),
      }));
      for (const each of [store, reference]) await write(each, { records: contents, newFields });
    });
    afterAll(async () => {
      await store.close();
      await database.remove();
    });

    async function compareMany(): Promise<void> {
      for (let round = 0; round < 120; round += 1) {
        const query = anyQuery(oneOf(['Opportunity', 'Opportunity', 'Lead', 'Program']));
        expect(await idsOf(store, query), JSON.stringify(query)).toEqual(
          await idsOf(reference, { ...query, limit: 1000 }),
        );
      }
    }

    it('finds the same objects in the same order as a look at every one', compareMany);

    it('does so through the indexes that queries of calls made', async () => {
      const { fields } = await store.schema();
      for (const name of ['Name', 'Stage', 'CompanyId']) {
        const known = fields.Opportunity.find(name);
        if (known === undefined) throw new Error(name);
        const subject = { kind: 'field', field: known } as const;
        const value = name === 'CompanyId' ? 1 : 'a';
        await store.find({
          type: 'Opportunity',
          conditions: [{ subject, comparison: 'GE', value }],
          key: undefined,
          associations: [],
          tag: undefined,
          includeArchived: true,
          after: 0,
          limit: 1,
        });
      }
      await compareMany();
    });

    it('reads whole records', async () => {
      const page = await store.browsing.page(sortedBy('id', { limit: 1 }));
      const [first] = contents as { after: Records['Opportunity'] }[];
      expect(Object.fromEntries(page.records[0]?.values.entries() ?? [])).toEqual(
        Object.fromEntries(first?.after.values.entries() ?? []),
      );
    });

    it.each(recordTypes)('counts every %s', async (type) => {
      expect(await store.browsing.count(type)).toBe(contents.filter((each) => each.type === type).length);
    });

    it('sums a column for each value of another one', async () => {
      const columns = columnsOf(declarationOf.Opportunity);
      const column = (name: string) => columns.find((each) => each.name === name) as (typeof columns)[number];
      const totals = await store.browsing.totals({
        table: 'opportunity',
        by: column('is_won'),
        sum: column('fiscal_year'),
      });
      const held = contents.flatMap(({ type, after }) =>
        type === 'Opportunity' && after ? [after.values] : [],
      );
      const expected = [false, true, undefined].map((value) => {
        const own = held.filter((each) => each.get('IsWon') === value);
        const sum = own.reduce((total, each) => total + Number(each.get('FiscalYear') ?? 0), 0);
        return { value: value ?? null, rows: own.length, sum };
      });
      expect(totals).toEqual(expected);
    });

    it('searches no digest of a long text', async () => {
      const email = 'x'.repeat(700);
      const digest = foldedText(email).replace(/^x*/, '');
      await write(store, {
        records: [{ type: 'Lead', before: undefined, after: lead(200_000, {}, email) }],
      });
      const found = async (search: string) =>
        idsOf(store, {
          ...sortedBy('id'),
          sort: { subject: idSubject, descending: false },
          type: 'Lead',
          search,
        });
      expect(digest).not.toBe('');
      expect(await found(digest)).toEqual([]);
      expect(await found(email)).toContain(200_000);
    });

    it('sees what was just written', async () => {
      const after = mObject(100_000, { Name: 'just written' });
      await write(store, { records: [{ type: 'Opportunity', before: undefined, after }] });
      expect(await idsOf(store, sortedBy('id', { search: 'JUST written' }))).toEqual([100_000]);
    });
  });
});
