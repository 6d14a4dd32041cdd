import { expect, it } from 'vitest';
import { byCounter } from '../../src/records/all.ts';
import type { CaseContext } from './conformance.ts';
import { changed, create, facts, opportunity, program, role } from './fixture.ts';

export function idCases({ engine, opened }: CaseContext): void {
  const newIds = async (count = 1) =>
    (await facts(opened().store, { newIds: { Opportunity: count } })).newIds.Opportunity;

  it('begin with 1 and ascend', async () => {
    expect(await newIds(3)).toEqual([1, 2, 3]);
  });

  it('count for each type alone', async () => {
    await create(opened().store, opportunity(5), role(8, {}));
    const ids = await facts(opened().store, {
      newIds: { Opportunity: 1, OpportunityPersonRole: 1, Cost: 1 },
    });
    expect(ids.newIds).toMatchObject({ Opportunity: [6], OpportunityPersonRole: [9], Cost: [1] });
  });

  it('are not used up by a decision that does not use them', async () => {
    await newIds(10);
    expect(await newIds()).toEqual([1]);
  });

  it('stand above ids that were given from outside', async () => {
    await create(opened().store, opportunity(64), opportunity(3));
    expect(await newIds()).toEqual([65]);
  });

  it('are never given out again after the newest object was removed', async () => {
    await create(opened().store, opportunity(7));
    await create(opened().store, changed(7, {}, undefined));
    expect(await newIds()).toEqual([8]);
  });

  it.runIf(engine.isDurable)('are never given out again after the store was opened anew', async () => {
    await create(opened().store, opportunity(7));
    await create(opened().store, changed(7, {}, undefined));
    const { newIds: ids } = await facts(await opened().reopen(), { newIds: { Opportunity: 2 } });
    expect(ids.Opportunity).toEqual([8, 9]);
  });

  it('of costs count over all programs, and are not given out again', async () => {
    const { store } = opened();
    const cost = (id: number) => ({ id, month: '2013-06-01', amount: 1, note: null });
    const before = program(1, { costs: [cost(153)] });
    await create(
      store,
      { type: 'Program', before: undefined, after: before },
      { type: 'Program', before: undefined, after: program(2, { costs: [cost(20)] }) },
    );
    const withNew = program(1, { costs: [cost(153), cost(154)] });
    await create(store, { type: 'Program', before, after: withNew });
    await create(store, { type: 'Program', before: withNew, after: program(1) });
    expect((await facts(store, { newIds: { Cost: 1 } })).newIds.Cost).toEqual([155]);
  });

  it('are empty lists for what was not wanted', async () => {
    expect((await facts(opened().store, {})).newIds).toEqual(byCounter(() => []));
  });
}
