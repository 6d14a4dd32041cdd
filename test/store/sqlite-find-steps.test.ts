import { afterAll, beforeAll, expect, it } from 'vitest';
import type { FieldDefinition } from '../../src/contract/fields.ts';
import type { Condition, ObjectQuery } from '../../src/rules/query.ts';
import { openStore } from '../../src/store/open.ts';
import type { Store } from '../../src/store/store.ts';
import { changed, create, opportunity, write } from './fixture.ts';

const OBJECTS = 20_000;
/** What paths of JSON and texts of SQL give a meaning. */
const names = ['plain', 'with "quotes"', 'back\\slash', '$.dollar', '[0]', "it's", 'ünï 😀', 'a.b', '0'];

const fieldNamed = (name: string): FieldDefinition => ({
  name,
  displayName: null,
  description: null,
  dataType: 'string',
  size: 255,
  custom: true,
  references: null,
});

let store: Store;
beforeAll(async () => {
  store = await openStore('sqlite::memory:');
  await write(store, { newFields: names.map((name) => ({ owner: 'Opportunity', field: fieldNamed(name) })) });
  const all = Array.from({ length: OBJECTS }, (_, index) => {
    const values = names.map((name, place) => [name, `${place}: ${(index + 1) % 700}`]);
    return opportunity(index + 1, Object.fromEntries(values));
  });
  await create(store, ...all);
}, 60_000);
afterAll(() => store.close());

const condition = (place: number, comparison: Condition['comparison'], value: string): Condition => ({
  subject: { kind: 'field', field: fieldNamed(names[place] ?? '') },
  comparison,
  value,
});
const query = (conditions: Condition[], more: Partial<ObjectQuery> = {}): ObjectQuery => ({
  type: 'Opportunity',
  conditions,
  key: undefined,
  associations: [],
  tag: undefined,
  includeArchived: false,
  after: 0,
  limit: 10,
  ...more,
});
const idsOf = async (asked: ObjectQuery) => {
  const { records, hasMore } = await store.find(asked);
  return { ids: records.map(({ id }) => id), hasMore };
};

it.each(names.map((name, place) => [name, place] as const))(
  'pages over a field named %j are whole, however far apart the objects are',
  async (_name, place) => {
    const found: number[] = [];
    for (let hasMore = true; hasMore; ) {
      const page = await idsOf(query([condition(place, 'EQ', `${place}: 7`)], { after: found.at(-1) ?? 0 }));
      found.push(...page.ids);
      hasMore = page.hasMore;
    }
    expect(found).toEqual(
      Array.from({ length: 29 }, (_, index) => 7 + 700 * index).filter((id) => id <= OBJECTS),
    );
  },
);

it('a page that ends with the last object says that there is no more', async () => {
  const last = query([condition(0, 'EQ', '0: 400')], { after: 18_000, limit: 3 });
  expect(await idsOf(last)).toEqual({ ids: [18_600, 19_300, 20_000], hasMore: false });
});

it('objects that are far behind the others are found', async () => {
  await create(store, opportunity(2_147_483_647, { plain: 'far' }));
  expect(await idsOf(query([condition(0, 'EQ', 'far')]))).toEqual({ ids: [2_147_483_647], hasMore: false });
  await create(store, changed(2_147_483_647, { plain: 'far' }, undefined));
});

it('others are served while fifty conditions are compared with all objects, also by several calls', async () => {
  const fifty = Array.from({ length: 50 }, (_, index) =>
    condition(index % names.length, index === 49 ? 'EQ' : 'NE', 'nobody has it'),
  );
  let turns = 0;
  const timer = setInterval(() => {
    turns += 1;
  }, 1);
  try {
    const found = await Promise.all(Array.from({ length: 4 }, () => idsOf(query(fifty))));
    expect(found).toEqual(Array(4).fill({ ids: [], hasMore: false }));
  } finally {
    clearInterval(timer);
  }
  expect(turns).toBeGreaterThan(20);
});
