import { expect, it } from 'vitest';
import { lookup } from '../../src/rules/lookups.ts';
import { StoreError } from '../../src/store/store.ts';
import type { CaseContext } from './conformance.ts';
import { create, done, entry, facts, mObject, opportunity, role, wanted, write } from './fixture.ts';

export function applyCases({ engine, opened }: CaseContext): void {
  it('answers what decide answers', async () => {
    expect(await opened().store.apply(wanted(), () => done('the answer'))).toBe('the answer');
  });

  it('gives null for ids that no record has, and no entry for those that were not asked', async () => {
    await create(opened().store, opportunity(1), opportunity(2));
    const { records } = await facts(opened().store, { ids: { Opportunity: [1, 9] } });
    expect(records.Opportunity).toEqual(
      new Map([
        [1, mObject(1)],
        [9, null],
      ]),
    );
    expect(records.Lead).toEqual(new Map());
  });

  it('loads every record of the types that are asked for as a whole', async () => {
    await create(opened().store, opportunity(3), opportunity(1), role(1, {}));
    const { records } = await facts(opened().store, { all: ['Opportunity'] });
    expect([...records.Opportunity.keys()].sort()).toEqual([1, 3]);
    expect(records.OpportunityPersonRole.size).toBe(0);
  });

  it('keeps what earlier rounds loaded when decide wants more', async () => {
    await create(opened().store, opportunity(1, { Name: 'a' }), opportunity(2, { Name: 'b' }));
    const seen: number[][] = [];
    await opened().store.apply(wanted({ ids: { Opportunity: [1] } }), ({ records }) => {
      seen.push([...records.Opportunity.keys()]);
      return records.Opportunity.has(2) ? done(null) : { more: wanted({ ids: { Opportunity: [2] } }) };
    });
    expect(seen).toEqual([[1], [1, 2]]);
  });

  it('asks for a key, pair or new id again in a later round when more is wanted', async () => {
    const { store } = opened();
    await create(store, ...[1, 2, 3].map((id) => opportunity(id, { Name: 'n' })));
    const key = { type: 'Opportunity', name: 'name', value: 'n' } as const;
    let round = 0;
    const found = await store.apply(wanted({ keys: [key], depth: 1, newIds: { Cost: 1 } }), (known) => {
      round += 1;
      return round === 2 ? done(known) : { more: wanted({ keys: [key], depth: 2, newIds: { Cost: 3 } }) };
    });
    expect(found.keys.get(key)).toEqual([3, 2]);
    expect(found.newIds.Cost).toHaveLength(3);
  });

  it('gives up on a decide that never ends wanting more, and applies nothing', async () => {
    let rounds = 0;
    await expect(
      opened().store.apply(wanted(), () => {
        rounds += 1;
        return { more: wanted() };
      }),
    ).rejects.toThrow(StoreError);
    expect(rounds).toBe(10);
  });

  it('throws on what decide throws, as it is', async () => {
    const thrown = new TypeError('mine');
    await expect(
      opened().store.apply(wanted(), () => {
        throw thrown;
      }),
    ).rejects.toBe(thrown);
  });

  it('applies nothing when decide throws in a later round', async () => {
    const key = { type: 'Opportunity', name: 'name', value: 'x' } as const;
    let round = 0;
    await opened()
      .store.apply(wanted({ keys: [key] }), () => {
        round += 1;
        if (round === 2) throw new Error('no');
        return { more: wanted() };
      })
      .catch(() => {});
    await create(opened().store, opportunity(1, { Name: 'x' }));
    expect((await facts(opened().store, { keys: [key] })).keys.get(key)).toEqual([1]);
  });

  it('applies all or nothing when a change cannot be written', async () => {
    const { store } = opened();
    await create(store, opportunity(1));
    const failing = write(store, { records: [opportunity(2), opportunity(1)] }, entry());
    await expect(failing).rejects.toThrow(StoreError);
    expect((await store.contents()).opportunities.map(({ id }) => id)).toEqual([1]);
    expect(await store.journal.newest(10)).toEqual([]);
  });

  it('lets each of many calls at once see what the others wrote', async () => {
    const { store } = opened();
    const key = { type: 'Opportunity', name: 'name', value: 'same' } as const;
    const ids = await Promise.all(
      Array.from({ length: 20 }, () =>
        store.apply(wanted({ keys: [key], newIds: { Opportunity: 1 } }), ({ keys, newIds }) => {
          const found = keys.get(key)?.[0];
          if (found !== undefined) return done(found);
          const id = newIds.Opportunity[0] ?? 0;
          return done(id, { records: [opportunity(id, { Name: 'same' })] });
        }),
      ),
    );
    expect(new Set(ids)).toEqual(new Set([1]));
  });

  it.runIf(engine.isShared)(
    'lets a second process see what the first wrote, and the first what the second wrote',
    async () => {
      const { store } = opened();
      const second = await opened().another();
      try {
        await create(store, opportunity(1, { Name: 'a' }));
        await create(second, opportunity(2, { Name: 'a' }));
        const key = { type: 'Opportunity', name: 'name', value: 'a' } as const;
        for (const each of [store, second]) {
          expect((await facts(each, { keys: [key] })).keys.get(key)).toEqual([2, 1]);
        }
      } finally {
        await second.close();
      }
    },
  );

  it('finds records by lookup, newest first', async () => {
    const values = { OpportunityId: 5, PersonId: 6 };
    await create(
      opened().store,
      role(1, { ...values, Role: 'User' }),
      role(2, { ...values, Role: 'Buyer' }),
      role(3, { ...values, Role: 'User' }),
      role(4, values),
      role(5, { ...values, PersonId: 7, Role: 'User' }),
    );
    const lookups = [
      lookup('OpportunityPersonRole', 'pair', 5, 6),
      lookup('OpportunityPersonRole', 'triple', 5, 6, 'User'),
      lookup('OpportunityPersonRole', 'triple', 5, 6, null),
      lookup('OpportunityPersonRole', 'triple', 5, 6, 'Nobody'),
    ];
    const found = await facts(opened().store, { lookups });
    expect(lookups.map((each) => found.lookups.get(each))).toEqual([[4, 3, 2, 1], [3, 1], [4], []]);
    expect([...found.records.OpportunityPersonRole.keys()].sort()).toEqual([1, 2, 3, 4]);
    expect(found.lookups.get(lookup('OpportunityPersonRole', 'opportunity', 5))).toBeUndefined();
  });

  it('finds no more records by lookup than the depth asks for, unless all are wanted', async () => {
    const values = { OpportunityId: 5, PersonId: 6 };
    await create(opened().store, role(1, values), role(2, values), role(3, values));
    const pair = lookup('OpportunityPersonRole', 'pair', 5, 6);
    const opportunities = [5, 9].map((id) => ({
      ...lookup('OpportunityPersonRole', 'opportunity', id),
      all: true,
    }));
    const { lookups } = await facts(opened().store, { lookups: [pair, ...opportunities], depth: 2 });
    expect([lookups.get(pair), lookups.isCut(pair)]).toEqual([[3, 2], true]);
    expect(opportunities.map((each) => [lookups.get(each), lookups.isCut(each)])).toEqual([
      [[3, 2, 1], false],
      [[], false],
    ]);
  });

  it('rejects after close, and closes twice without complaint', async () => {
    const { store } = opened();
    await store.close();
    await store.close();
    await expect(write(store, {})).rejects.toThrow(StoreError);
    await expect(store.contents()).rejects.toThrow(StoreError);
    await expect(store.ping()).rejects.toThrow(StoreError);
  });

  it('answers a ping', async () => {
    await expect(opened().store.ping()).resolves.toBeUndefined();
  });
}
