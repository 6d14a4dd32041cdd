import { expect, it } from 'vitest';
import { applyInstance } from '../../src/instance/apply.ts';
import { exportInstance } from '../../src/instance/export.ts';
import { overAllStores } from '../store/test-engines.ts';
import { BENCH_TIME, openSyncFixture } from './sync-fixture.ts';

const zones = ['UTC', 'Europe/Berlin', 'America/Los_Angeles', 'Pacific/Kiritimati'];
/** The first and last moment of .NET, and moments between them, in their order. */
const moments = [
  '0001-01-01T00:00:00',
  '0001-01-02T00:00:00',
  '2013-06-09T14:04:54',
  '9999-12-30T00:00:00',
  '9999-12-31T23:59:59',
];
const instance = { fields: { Opportunity: [{ name: 'seenAt', dataType: 'datetime' }] } };
const names = ['ExternalCreatedDate', 'seenAt'];

await overAllStores((source) => {
  async function openWithMoments(timeZone: string) {
    const fixture = await openSyncFixture(source, instance, { timeZone });
    const rows = await fixture.sync(
      'INSERT',
      moments.map((value) => ({
        type: 'Opportunity',
        attribList: { attrib: names.map((name) => ({ name, value })) },
      })),
    );
    expect(rows.map(({ status }) => status)).toEqual(moments.map(() => 'CREATED'));
    return fixture;
  }

  it.each(zones)('the first and last moments of %s are returned as they were sent', async (zone) => {
    const fixture = await openWithMoments(zone);
    try {
      const { answer } = await fixture.call('getMObjects', { type: 'Opportunity' });
      const found = answer.result.mObjectList?.mObject.map(({ attribList }) =>
        names.map((name) => attribList?.attrib.find((each) => each.name === name)?.value?.slice(0, 19)),
      );
      expect(found).toEqual(moments.map((moment) => [moment, moment]));
    } finally {
      await fixture.store.close();
    }
  });

  it.each(zones)('the first and last moments of %s are compared in their order', async (zone) => {
    const fixture = await openWithMoments(zone);
    try {
      for (const attrName of names) {
        for (const [place, attrValue] of moments.entries()) {
          const ids = async (comparison: 'LT' | 'EQ' | 'GE') => {
            const params = {
              type: 'Opportunity',
              mObjCriteriaList: { mObjCriteria: [{ attrName, comparison, attrValue }] },
            };
            const { answer } = await fixture.call('getMObjects', params);
            return answer.result.mObjectList?.mObject.map(({ id }) => id) ?? [];
          };
          const all = moments.map((_, index) => index + 1);
          expect(await ids('LT')).toEqual(all.slice(0, place));
          expect(await ids('EQ')).toEqual([place + 1]);
          expect(await ids('GE')).toEqual(all.slice(place));
        }
      }
    } finally {
      await fixture.store.close();
    }
  });

  it.each(zones)('the first and last moments of %s are sent again without a change', async (zone) => {
    const fixture = await openWithMoments(zone);
    try {
      const again = moments.map((value, index) => ({
        type: 'Opportunity',
        id: index + 1,
        attribList: { attrib: names.map((name) => ({ name, value })) },
      }));
      const rows = await fixture.sync('UPDATE', again);
      expect(rows.map(({ status }) => status)).toEqual(moments.map(() => 'UNCHANGED'));
    } finally {
      await fixture.store.close();
    }
  });

  it.each(zones)('the first and last moments of %s are exported and applied', async (zone) => {
    const fixture = await openWithMoments(zone);
    const other = await source.openStore();
    try {
      const exported = await exportInstance(fixture.store);
      const options = { mode: 'make', now: BENCH_TIME, timeZone: 'Asia/Kolkata' } as const;
      expect(await applyInstance(other, JSON.parse(JSON.stringify(exported)), options)).toHaveProperty(
        'report',
      );
      expect((await other.contents()).opportunities).toEqual((await fixture.store.contents()).opportunities);
    } finally {
      await fixture.store.close();
      await other.close();
    }
  });
});
