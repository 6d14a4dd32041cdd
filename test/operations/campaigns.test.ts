import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Received } from '../../src/contract/messages.ts';
import type { MObjectSettings } from '../../src/rules/settings.ts';
import { overAllStores } from '../store/test-engines.ts';
import { type ListFixture, openListFixture } from './list-fixture.ts';
import { putRecords, type Stored } from './put-records.ts';
import { BENCH_TIME } from './sync-fixture.ts';

const now = BENCH_TIME.toISOString();
const tokens = { attrib: [{ name: '{{my.x}}', value: 'y' }] };
const ids = (...given: number[]) => ({
  leadKey: given.map((id) => ({ keyType: 'IDNUM' as const, keyValue: String(id) })),
});

await overAllStores((source) => {
  let fixture: ListFixture;
  const open = async (settings: Partial<MObjectSettings>) => {
    await fixture.store.close();
    fixture = await openListFixture(source, settings);
  };
  beforeEach(async () => {
    fixture = await openListFixture(source);
  });
  afterEach(() => fixture.store.close());
  const journaled = async () => (await fixture.store.journal.newest(1))[0];

  describe('getCampaignsForSource', () => {
    const names = async (params: Received<'ParamsGetCampaignsForSource'>) => {
      const { result } = (await fixture.call('getCampaignsForSource', params)).answer;
      const records = result.campaignRecordList?.campaignRecord ?? [];
      expect(result.returnCount).toBe(records.length);
      return records.map(({ id, name, description }) => `${id} ${name} ${description}`);
    };

    it('lists trigger campaigns of the source by name; MKTOWS if none is given', async () => {
      const own = ['52 Follow up ', '51 Spring Show.Welcome for the web'];
      expect(await names({ source: 'MKTOWS' })).toEqual(own);
      expect(await names({})).toEqual(own);
      expect(await names({ source: 'SALES' })).toEqual(['52 Follow up ', '53 Spring Show.Sales only ']);
    });

    it('a name is a part of that answered, or with exactName all of it, without case', async () => {
      expect(await names({ name: 'show.WEL' })).toHaveLength(1);
      expect(await names({ name: 'welcome', exactName: true })).toEqual([]);
      expect(await names({ name: 'spring show.welcome', exactName: true })).toHaveLength(1);
    });

    it('an empty name filters nothing, even with exactName', async () => {
      expect(await names({ name: '', exactName: true })).toHaveLength(2);
    });
  });

  describe('requestCampaign', () => {
    const named = { campaignName: 'welcome', programName: 'Spring show' };
    const run = async (params: Received<'ParamsRequestCampaign'>) =>
      (await fixture.call('requestCampaign', params)).answer.result.success;
    const fault = (params: Received<'ParamsRequestCampaign'>) => fixture.fault('requestCampaign', params);

    it('gives each lead an activity, and keeps the call with its tokens', async () => {
      expect(await run({ source: 'MKTOWS', ...named, leadList: ids(1, 2), programTokenList: tokens })).toBe(
        true,
      );
      const name = 'Spring Show.Welcome';
      expect(await fixture.activities()).toEqual([
        `1 RequestCampaign ${name} Campaign ID=51; Source=MKTOWS; Lead ID=1`,
        `2 RequestCampaign ${name} Campaign ID=51; Source=MKTOWS; Lead ID=2`,
      ]);
      expect((await fixture.all('Activity'))[0]).toMatchObject({ campaign: name });
      expect(await fixture.all('CampaignRun')).toMatchObject([
        { campaignId: 51, kind: 'request', runAt: null, leadIds: [1, 2], tokens: [['{{my.x}}', 'y']] },
      ]);
    });

    it('the journal holds the tokens and the leads', async () => {
      const bob = { keyType: 'EMAIL' as const, keyValue: 'bob@example.com' };
      await run({ ...named, leadList: { leadKey: [...ids(1).leadKey, bob] }, programTokenList: tokens });
      expect(await journaled()).toMatchObject({
        operation: 'requestCampaign',
        rows: [
          { type: 'Campaign', id: 51, changed: ['{{my.x}}'], after: ['y'] },
          { type: 'Lead', id: 1 },
          { type: 'Lead', id: 2, name: 'bob@example.com' },
        ],
      });
    });

    it('takes a campaign by id, with tokens, and no leads at all', async () => {
      expect(await run({ campaignId: 52, programTokenList: tokens })).toBe(true);
      expect(await run({ campaignId: 52, leadList: ids() })).toBe(true);
      expect(await fixture.all('CampaignRun')).toHaveLength(2);
      expect(await fixture.all('Activity')).toEqual([]);
    });

    it('a key that several leads have means all of them, each once', async () => {
      const leadKey = [
        { keyType: 'LEADOWNEREMAIL' as const, keyValue: 'Owner@example.com' },
        { keyType: 'EMAIL' as const, keyValue: 'bob@example.com' },
      ];
      await run({ ...named, leadList: { leadKey } });
      expect((await fixture.all('CampaignRun'))[0]?.leadIds).toEqual([3, 2]);
      expect(await fixture.all('Activity')).toHaveLength(2);
    });

    it('looks at the first 100 leads only', async () => {
      const many = Array.from({ length: 100 }, (_, index) => (index % 4) + 1);
      expect(await run({ ...named, leadList: ids(...many, 99) })).toBe(true);
    });

    it('an unknown lead is its fault, and nobody is put in', async () => {
      expect(await fault({ ...named, leadList: ids(1, 99) })).toBe('20103 No lead found with IDNUM = 99');
      const leadKey = [{ keyType: 'LEADOWNEREMAIL' as const, keyValue: 'x@example.com' }];
      expect(await fault({ ...named, leadList: { leadKey } })).toContain('20108 ');
      expect(await fixture.all('Activity')).toEqual([]);
    });

    it.each([
      {},
      { campaignId: 0 },
      { campaignId: 51, ...named },
      { campaignId: 51, campaignName: 'Welcome' },
      { campaignName: 'Welcome' },
      { programName: 'Spring Show' },
    ])('%j is 20110', async (params) => {
      expect(await fault(params)).toContain('20110 ');
    });

    it.each([
      { campaignId: 99 },
      { campaignId: 54 },
      { campaignId: 53 },
      { ...named, programName: 'Nowhere' },
      { ...named, programName: 'Web.Site' },
    ])('%j is 20113', async (params) => {
      expect(await fault(params)).toContain('20113 ');
    });

    it('with an open schema an unknown campaign is created, under the name or id sent', async () => {
      await open({ undefinedNames: 'create' });
      await run({ campaignId: 77, source: 'SALES' });
      await run({ ...named, campaignName: 'Fresh' });
      await run({ ...named, campaignName: 'fresh' });
      const made = (await fixture.all('Campaign')).filter(({ id }) => id > 54);
      expect(made).toMatchObject([
        { id: 77, name: 'Campaign 77', programId: null, kind: 'trigger', sources: ['SALES'] },
        { name: 'Fresh', programId: 101, kind: 'trigger', sources: ['MKTOWS'] },
      ]);
    });
  });

  describe('scheduleCampaign', () => {
    const blast = { programName: 'spring show', campaignName: 'BLAST' };
    const run = async (params: Received<'ParamsScheduleCampaign'>) =>
      (await fixture.call('scheduleCampaign', params)).answer.result.success;
    const fault = (params: Received<'ParamsScheduleCampaign'>) => fixture.fault('scheduleCampaign', params);

    it('is recorded with its tokens, and makes no activity', async () => {
      expect(await run({ ...blast, campaignRunAt: '2027-01-01T00:00:00Z', programTokenList: tokens })).toBe(
        true,
      );
      expect(await fixture.all('CampaignRun')).toMatchObject([
        {
          campaignId: 54,
          kind: 'schedule',
          runAt: '2027-01-01T00:00:00.000Z',
          source: null,
          leadIds: [],
          tokens: [['{{my.x}}', 'y']],
        },
      ]);
      expect(await fixture.all('Activity')).toEqual([]);
      expect(await journaled()).toMatchObject({
        operation: 'scheduleCampaign',
        rows: [{ type: 'Campaign', id: 54, changed: ['{{my.x}}'], after: ['y'] }],
      });
    });

    it('a time that is absent or past is now', async () => {
      await run(blast);
      await run({ ...blast, campaignRunAt: '2001-01-01T00:00:00Z' });
      expect((await fixture.all('CampaignRun')).map(({ runAt }) => runAt)).toEqual([now, now]);
    });

    it('names the faults', async () => {
      expect(await fault({ campaignName: 'Blast' })).toContain('20109 programName');
      expect(await fault({ programName: 'Spring Show' })).toContain('20109 campaignName');
      expect(await fault({ ...blast, programName: 'Nowhere' })).toContain('20110 programName');
      expect(await fault({ ...blast, campaignName: 'Nothing' })).toContain('20113 ');
      expect(await fault({ ...blast, campaignName: 'Welcome' })).toContain(
        '20110 campaignName: "Welcome" is a trigger',
      );
      expect(await fault({ ...blast, campaignRunAt: 'soon' })).toContain('20110 campaignRunAt');
    });

    it('cloneToProgramName copies no program of over 1,000 lists', async () => {
      const lists = Array.from({ length: 1001 }, (_, n): Stored => {
        const record = { id: 100 + n, name: `L${n}`, programId: 101 };
        return { type: 'StaticList', record };
      });
      await putRecords(fixture.store, lists);
      expect(await fault({ ...blast, cloneToProgramName: 'Copy' })).toContain(
        'has over 1000 lists or campaigns',
      );
    });

    it('cloneToProgramName copies the program, and schedules the campaign of the copy', async () => {
      await run({ ...blast, cloneToProgramName: 'Autumn Show' });
      const copy = (await fixture.all('Program')).at(-1);
      expect(copy).toMatchObject({
        name: 'Autumn Show',
        type: 'Event',
        tokens: new Map([['{{my.x}}', 'y']]),
        costs: [],
      });
      const ofCopy = ({ programId }: { programId: number | null }) => programId === copy?.id;
      const campaigns = (await fixture.all('Campaign')).filter(ofCopy);
      expect(campaigns.map(({ name }) => name)).toEqual(['Welcome', 'Sales only', 'Blast']);
      const lists = (await fixture.all('StaticList')).filter(ofCopy);
      expect(lists.map(({ name }) => name)).toEqual(['Guests', 'Both', 'Newsletter']);
      expect((await fixture.all('CampaignRun'))[0]?.campaignId).toBe(campaigns[2]?.id);
      expect(await journaled()).toMatchObject({
        rows: [
          { type: 'Program', id: copy?.id, status: 'CREATED' },
          { type: 'Campaign', id: campaigns[2]?.id, status: 'UPDATED' },
        ],
      });
    });

    it('a clone needs a name that no program has; of two calls at once one makes it', async () => {
      expect(await fault({ ...blast, cloneToProgramName: 'web.site' })).toContain('20110 cloneToProgramName');
      const both = await Promise.all([1, 2].map(() => fault({ ...blast, cloneToProgramName: 'Copy' })));
      expect(both.filter((text) => text.startsWith('answered'))).toHaveLength(1);
      expect(both.filter((text) => text.startsWith('20110 cloneToProgramName'))).toHaveLength(1);
    });
  });
});
