import { describe, expect, it } from 'vitest';
import { declarationOf, type RecordType, recordTypes } from '../../src/records/all.ts';
import { areEqual } from '../../src/records/equality.ts';
import type { AnyRecordChange, WantedLookup } from '../../src/rules/facts.ts';
import { lookupValues } from '../../src/rules/lookups.ts';
import type { CaseContext } from './conformance.ts';
import { barestRecord, declaredRecord } from './declared-record.ts';
import { create, done, facts, wanted } from './fixture.ts';

const changeOf = (type: RecordType, before: object | undefined, after: object | undefined) =>
  ({ type, before, after }) as unknown as AnyRecordChange;

/** What every declared type has by its declaration alone. */
export function declaredCases({ opened }: CaseContext): void {
  describe.each(recordTypes)('%s', (type) => {
    const loaded = async (id: number) =>
      (await facts(opened().store, { ids: { [type]: [id] } })).records[type].get(id);
    const lookupsOf = (record: object): WantedLookup[] =>
      Object.entries(declarationOf[type].lookups ?? {}).map(([lookup, { columns }]) => ({
        type,
        lookup,
        values: lookupValues(type, columns, record),
      }));

    it('returns its records as they were written, changed and removed', async () => {
      const { store } = opened();
      const [first, second, barest] = [
        declaredRecord(type, 1, 0),
        declaredRecord(type, 1, 1),
        barestRecord(type, 1),
      ];
      for (const [before, after] of [
        [undefined, first],
        [first, second],
        [second, barest],
        [barest, first],
      ] as const) {
        await create(store, changeOf(type, before, after));
        const found = await loaded(1);
        expect(found).toBeDefined();
        expect(areEqual(found ?? undefined, after as never)).toBe(true);
      }
      await create(store, changeOf(type, first, undefined));
      expect(await loaded(1)).toBeNull();
    });

    it('is found by each of its lookups, and no longer once it changed', async () => {
      const { store } = opened();
      const [first, second] = [declaredRecord(type, 1, 0), declaredRecord(type, 1, 1)];
      await create(store, changeOf(type, undefined, first));
      const [before, after] = [lookupsOf(first), lookupsOf(second)];
      const found = await facts(store, { lookups: [...before, ...after] });
      expect(before.map((lookup) => found.lookups.get(lookup))).toEqual(before.map(() => [1]));
      expect(after.map((lookup) => found.lookups.get(lookup))).toEqual(after.map(() => []));
      await create(store, changeOf(type, first, second));
      const later = await facts(store, { lookups: [...before, ...after] });
      expect(before.map((lookup) => later.lookups.get(lookup))).toEqual(before.map(() => []));
      expect(after.map((lookup) => later.lookups.get(lookup))).toEqual(after.map(() => [1]));
    });

    it('is listed and counted, and gets ids of its own', async () => {
      const { store } = opened();
      const ids = await store.apply(wanted({ newIds: { [type]: 2 } }), ({ newIds }) => {
        const [one = 0, two = 0] = newIds[type];
        const records = [declaredRecord(type, one, 0), declaredRecord(type, two, 1)];
        return done([one, two], { records: records.map((record) => changeOf(type, undefined, record)) });
      });
      expect(ids).toEqual([1, 2]);
      const { records, hasMore } = await store.list({ type, where: [], limit: 1, descending: true });
      expect([records.map(({ id }) => id), hasMore]).toEqual([[2], true]);
      expect(await store.count({ type, where: [] })).toBe(2);
      expect((await facts(store, { newIds: { [type]: 1 } })).newIds[type]).toEqual([3]);
    });
  });
}
