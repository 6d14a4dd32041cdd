import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { SyncOperation } from '../../src/contract/enumerations.ts';
import { overAllStores, type StoreSource } from '../store/test-engines.ts';
import {
  defineType,
  deleteObjects,
  getObjects,
  list,
  object,
  pairs,
  syncObjects,
} from './custom-object-fixture.ts';
import {
  type NaiveCustomObjects,
  type NaiveRow,
  naiveDelete,
  naiveGet,
  naiveSync,
} from './naive-custom-objects.ts';
import { openSyncFixture, type SyncFixture } from './sync-fixture.ts';

/** Texts whose order is not that of UTF-16, or that are longer than what the store keeps of a key. */
const texts = ['a', 'B', 'a b', '\t', 'é', '\uffee', '😀', 'x'.repeat(700), `y${'x'.repeat(700)}`, 'a\u0009'];
const keyValue = fc.constantFrom(...texts.filter((text) => text.trim() !== ''), '');
const leadId = fc.constantFrom('1', '2', '10', '010', '9', '0', 'x', '');
const numberText = fc.constantFrom('-10', '-9', '0', '7', '10', '1000000', ' 7');

type Pair = readonly [string, string];
const named = (name: string, value: fc.Arbitrary<string>): fc.Arbitrary<Pair> =>
  fc.tuple(fc.constantFrom(name, name.toLowerCase()), value);
const often = <T>(arbitrary: fc.Arbitrary<T>, rare: fc.Arbitrary<T>) =>
  fc.oneof({ arbitrary, weight: 20 }, rare);

/** Types by their keys: MKTOID first, last, or not at all. */
const types = [['MKTOID', 'rid'], ['rid', 'MKTOID'], ['number', 'rid', 'other'], ['rid']];
const valuesOf = (key: string) => (key === 'MKTOID' ? leadId : key === 'number' ? numberText : keyValue);

const rowOf = (keys: readonly string[]): fc.Arbitrary<NaiveRow> =>
  fc.record({
    keys: fc
      .tuple(
        ...keys.map((key) => often<Pair[]>(fc.tuple(named(key, valuesOf(key))), fc.constant<Pair[]>([]))),
      )
      .map((some) => some.flat() as Pair[]),
    attributes: fc.array(
      often<Pair>(
        fc.oneof(
          named('City', fc.constantFrom('Bonn', 'Rome', '', ' ')),
          named('seats', fc.constantFrom('1', '2', ' ')),
        ),
        named('nonsense', fc.constant('x')),
      ),
      { maxLength: 3 },
    ),
  });

const stepsOf = (keys: readonly string[]) =>
  fc.array(
    fc.oneof(
      {
        arbitrary: fc.record({
          operation: fc.constantFrom<SyncOperation>('INSERT', 'UPDATE', 'UPSERT', 'UPSERT'),
          rows: fc.array(rowOf(keys), { maxLength: 8 }),
        }),
        weight: 4,
      },
      { arbitrary: fc.record({ remove: fc.array(rowOf(keys), { maxLength: 3 }) }), weight: 1 },
      {
        arbitrary: fc.record({
          get: fc
            .array(
              fc.constantFrom(...keys).chain((key) => named(key, valuesOf(key))),
              { maxLength: 4 },
            )
            .map((all) => all.filter(([, value]) => !['', 'x', '0'].includes(value))),
          batchSize: fc.integer({ min: 1, max: 4 }),
        }),
        weight: 3,
      },
    ),
    { minLength: 1, maxLength: 8 },
  );

/** Reads all pages: the first with the keys, the others with the position alone. */
async function readAll(fixture: SyncFixture, keys: readonly Pair[], batchSize: number) {
  const objects: Record<string, string>[] = [];
  let streamPosition = '';
  for (;;) {
    const page = await getObjects(fixture, {
      objTypeName: 'thing',
      batchSize,
      ...(streamPosition === '' ? { customObjKeyList: list(...keys) } : { streamPosition }),
    });
    expect(page.returnCount).toBe(page.customObjList?.customObj.length);
    for (const { customObjKeyList, customObjAttributeList } of page.customObjList?.customObj ?? []) {
      objects.push(Object.fromEntries([...pairs(customObjKeyList), ...pairs(customObjAttributeList)]));
    }
    const position = JSON.parse(page.newStreamPosition);
    const first = keys[0]?.[0].toLowerCase();
    expect(position.ky).toEqual(
      keys.filter(([name]) => name.toLowerCase() === first).map(([, value]) => value),
    );
    expect(position.os).toBe(objects.length);
    if (page.remainingCount === 0) return objects;
    expect(page.returnCount).toBe(batchSize);
    streamPosition = page.newStreamPosition;
  }
}

const runs = { SQLite: 60, PostgreSQL: 12, reference: 60 };

async function doesAsModel(source: StoreSource): Promise<void> {
  const histories = fc
    .constantFrom(...types)
    .chain((keys) => stepsOf(keys).map((steps) => ({ keys, steps })));
  await fc.assert(
    fc.asyncProperty(histories, async ({ keys, steps }) => {
      const leads = [1, 2, 10];
      const model: NaiveCustomObjects = { keys, fields: ['City', 'seats'], leads, objects: [] };
      const fixture = await openSyncFixture(source, { leads: leads.map((id) => ({ id })) });
      try {
        await defineType(fixture.store, {
          name: 'Thing',
          keys: keys.map((name) => ({
            name,
            dataType: name === 'rid' || name === 'other' ? 'string' : 'integer',
          })),
          fields: [
            { name: 'City', dataType: 'string' },
            { name: 'seats', dataType: 'integer' },
          ],
        });
        for (const step of steps) {
          if ('rows' in step) {
            const rows = await syncObjects(
              fixture,
              { objTypeName: 'THING', operation: step.operation },
              ...step.rows.map((row) => object(row.keys, row.attributes)),
            );
            expect(rows.map(({ status }) => status)).toEqual(naiveSync(model, step.rows, step.operation));
          } else if ('remove' in step) {
            const removed = step.remove.map((row) => row.keys);
            const rows = await deleteObjects(fixture, 'Thing', ...removed.map((each) => list(...each)));
            expect(rows.map(({ status }) => status)).toEqual(naiveDelete(model, removed));
          } else {
            expect(await readAll(fixture, step.get, step.batchSize)).toEqual(naiveGet(model, step.get));
          }
        }
        expect(await readAll(fixture, [], 3)).toEqual(naiveGet(model, []));
      } finally {
        await fixture.store.close();
      }
    }),
    { numRuns: runs[source.name] },
  );
}

await overAllStores((source) => {
  it('any sequence of calls does what one object at a time would do', { timeout: 300_000 }, () =>
    doesAsModel(source),
  );
});
