import { afterEach, beforeEach, expect, it } from 'vitest';
import type { RecordType } from '../../src/records/all.ts';
import { areEqual } from '../../src/records/equality.ts';
import type { AnyRecordChange } from '../../src/rules/facts.ts';
import { lookupValues } from '../../src/rules/lookups.ts';
import { openStore } from '../../src/store/open.ts';
import { check, faultsOf } from './cases-check.ts';
import { copy, withStore } from './copy-fixture.ts';
import { declaredRecord } from './declared-record.ts';
import { create, done, facts, lead, wanted } from './fixture.ts';
import type { EngineDatabase, TestEngine } from './test-engines.ts';

/** What a type has that the code knows by its declaration alone. */
export function plainTypeCases(engine: TestEngine, name: string): void {
  const type = name as RecordType;
  let database: EngineDatabase;
  beforeEach(async () => {
    database = await engine.open(true);
  });
  afterEach(() => database.remove());

  const record = { ...declaredRecord(type, 1, 0), leadId: 7 };
  const fill = () =>
    withStore(database.url, async (store) => {
      await create(store, { type: 'Lead', before: undefined, after: lead(7, {}) });
      await create(store, { type, before: undefined, after: record } as unknown as AnyRecordChange);
    });

  it('is written, found, listed and counted', async () => {
    await fill();
    const store = await openStore(database.url);
    const title = { type, lookup: 'title', values: lookupValues(type, ['titleKey'], record) };
    const found = await facts(store, { lookups: [title] });
    expect(found.lookups.get(title)).toEqual([1]);
    expect(areEqual(found.records[type].get(1) ?? undefined, record as never)).toBe(true);
    const where = [{ property: 'leadId', equals: 7 }];
    expect((await store.list({ type, where, limit: 5 })).records).toEqual([record]);
    expect(await store.count({ type, where })).toBe(1);
    const next = await store.apply(wanted({ newIds: { [type]: 1 } }), ({ newIds }) => done(newIds[type]));
    expect(next).toEqual([2]);
    await store.close();
  });

  it('is copied and checked', async () => {
    await fill();
    const target = await engine.open(true);
    const sections = await copy(database.url, target.url);
    expect(sections.filter(({ verdict }) => verdict !== 'same')).toEqual([]);
    expect(sections).toContainEqual(expect.objectContaining({ section: 'notes', rows: 1 }));
    expect(faultsOf(await check(target.url))).toEqual([]);
    await target.run('DELETE FROM lead');
    expect(faultsOf(await check(target.url)).join()).toMatch(/note .*lead_id = "?7/);
    await target.remove();
  });
}
