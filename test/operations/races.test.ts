import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { applyInstance } from '../../src/instance/apply.ts';
import { checkInstance } from '../../src/instance/check.ts';
import { openStore } from '../../src/store/open.ts';
import type { Store } from '../../src/store/store.ts';
import { seedLeadFamily } from '../clients/seeded-leads.ts';
import { seededInstance } from '../clients/seeded-server.ts';
import { type EngineDatabase, overBothEngines } from '../store/test-engines.ts';
import { defineType, list, object, roadshow, syncObjects } from './custom-object-fixture.ts';
import { type LeadFixture, leadFixture } from './lead-fixture.ts';
import { type SyncFixture, syncFixture } from './sync-fixture.ts';

/** So many calls are under way at once, taken in turns by the servers. */
const CALLS = 16;

/** What calls that race for the same new key make: one server with SQLite, two with PostgreSQL. */
await overBothEngines((engine) => {
  let database: EngineDatabase;
  let stores: Store[];
  beforeEach(async () => {
    database = await engine.open();
    stores = [await openStore(database.url)];
    if (engine.name === 'PostgreSQL') stores.push(await openStore(database.url));
  });
  afterEach(async () => {
    await Promise.all(stores.map((store) => store.close()));
    await database.remove();
  });

  const leadsOn = (index: number): LeadFixture => leadFixture(stores[index % stores.length] as Store);
  const callsOn = (index: number, settings = {}): SyncFixture =>
    syncFixture(stores[index % stores.length] as Store, settings);
  const race = <Answer>(call: (index: number) => Promise<Answer>): Promise<Answer[]> =>
    Promise.all(Array.from({ length: CALLS }, (_, index) => call(index)));
  const onceCreated = ['CREATED', ...Array<string>(CALLS - 1).fill('UPDATED')];

  it('syncLead with the same new e-mail makes one lead', async () => {
    const results = await race((index) =>
      leadsOn(index).one({
        Email: index % 2 ? 'new@example.com' : 'NEW@example.com',
        attributes: { Address: `${index}` },
      }),
    );
    const leads = await leadsOn(0).leads();
    expect(leads).toHaveLength(1);
    expect(new Set(results.map(({ leadId }) => leadId))).toEqual(new Set([leads[0]?.id]));
    expect(results.map(({ syncStatus }) => syncStatus.status).sort()).toEqual(onceCreated);
  });

  it('syncMultipleLeads with the same new e-mails, in any order, make one lead of each', async () => {
    const emails = ['a@example.com', 'b@example.com', 'c@example.com'];
    const rows = await race((index) =>
      leadsOn(index).many((index % 2 ? emails : emails.toReversed()).map((Email) => ({ Email }))),
    );
    expect((await leadsOn(0).leads()).map(({ email }) => email).sort()).toEqual(emails);
    expect(
      rows
        .flat()
        .map(({ status }) => status)
        .filter((status) => status === 'CREATED'),
    ).toHaveLength(3);
  });

  it('syncLead with the same new foreign id makes one lead, whatever the e-mail', async () => {
    const results = await race((index) =>
      leadsOn(index).one({
        ForeignSysPersonId: 'F1',
        ForeignSysType: 'SFDC',
        Email: `${index % 3}@example.com`,
      }),
    );
    expect(await leadsOn(0).leads()).toHaveLength(1);
    expect(await leadsOn(0).all('LeadForeignId')).toHaveLength(1);
    expect(results.map(({ syncStatus }) => syncStatus.status).sort()).toEqual(onceCreated);
  });

  it('syncLead with the same new cookie makes one lead', async () => {
    await race((index) => leadsOn(index).one({}, { cookie: 'id:1&token:_mch-x-1' }));
    expect(await leadsOn(0).leads()).toHaveLength(1);
    expect(await leadsOn(0).all('LeadCookie')).toHaveLength(1);
  });

  it('syncLead of many leads adds no activity with an id below one that a reader has seen', async () => {
    const seen = new Set<number>();
    const late: number[] = [];
    let isDone = false;
    const reading = (async () => {
      let last = 0;
      while (!isDone) {
        const { records } = await leadsOn(1).store.list({
          type: 'Activity',
          where: [],
          after: 0,
          limit: 1000,
        });
        for (const { id } of records) {
          if (!seen.has(id) && id < last) late.push(id);
          seen.add(id);
        }
        last = Math.max(last, ...seen);
        await nextTurn();
      }
    })();
    for (let round = 0; round < 8; round++) {
      await race((index) => leadsOn(index).one({ Email: `${round}-${index}@example.com` }));
    }
    isDone = true;
    await reading;
    expect(late).toEqual([]);
    expect(await leadsOn(0).all('Activity')).toHaveLength(8 * CALLS);
  });

  it('syncLead with the same new company makes one company', async () => {
    await race((index) =>
      leadsOn(index).one({ Email: `${index}@example.com`, attributes: { Company: 'Acme' } }),
    );
    const companies = await leadsOn(0).all('Company');
    expect(companies.map(({ name }) => name)).toEqual(['Acme']);
    expect(new Set((await leadsOn(0).leads()).map(({ companyId }) => companyId))).toEqual(
      new Set([companies[0]?.id]),
    );
  });

  it('a foreign id that many leads ask for at once belongs to one of them', async () => {
    const emails = Array.from({ length: 4 }, (_, index) => `${index}@example.com`);
    const made = await leadsOn(0).many(emails.map((Email) => ({ Email })));
    await race((index) =>
      leadsOn(index).one({ Id: made[index % 4]?.leadId as number, ForeignSysPersonId: 'F1' }),
    );
    expect(await leadsOn(0).all('LeadForeignId')).toHaveLength(1);
    expect(await leadsOn(0).leads()).toHaveLength(4);
  });

  it('syncCustomObjects with the same new key makes one object', async () => {
    const { leadId } = await leadsOn(0).one({ Email: 'a@example.com' });
    await defineType(stores[0] as Store, roadshow);
    const rows = await race((index) =>
      syncObjects(
        callsOn(index),
        { objTypeName: 'Roadshow' },
        object(
          [
            ['MKTOID', String(leadId)],
            ['rid', 'r1'],
          ],
          [['seats', String(index)]],
        ),
      ),
    );
    expect(
      rows
        .flat()
        .map(({ status }) => status)
        .sort(),
    ).toEqual(onceCreated);
    expect(await leadsOn(0).all('CustomObject')).toHaveLength(1);
  });

  it('INSERT of the same custom object succeeds once', async () => {
    await defineType(stores[0] as Store, { ...roadshow, keys: [{ name: 'rid', dataType: 'string' }] });
    const rows = await race((index) =>
      syncObjects(
        callsOn(index),
        { objTypeName: 'Roadshow', operation: 'INSERT' },
        { customObjKeyList: list(['rid', 'r1']) },
      ),
    );
    expect(
      rows
        .flat()
        .map(({ status }) => status)
        .sort(),
    ).toEqual(['CREATED', ...Array(CALLS - 1).fill('FAILED')]);
  });

  it('syncCustomObjects with the same new type defines it once', async () => {
    await race((index) =>
      syncObjects(
        callsOn(index, { unknownFields: 'create', undefinedNames: 'create' }),
        { objTypeName: index % 2 ? 'Tour' : 'TOUR' },
        { customObjKeyList: list(['rid', `${index}`]) },
      ),
    );
    expect(await leadsOn(0).all('CustomObjectType')).toHaveLength(1);
    expect(await leadsOn(0).all('CustomObject')).toHaveLength(CALLS);
  });

  it('mergeLeads of two leads into each other merges them once', async () => {
    const ids = (await leadsOn(0).many([{ Email: 'a@example.com' }, { Email: 'b@example.com' }])).map(
      ({ leadId }) => String(leadId),
    );
    const answers = await race((index) =>
      callsOn(index).call('mergeLeads', {
        winningLeadKeyList: list(['IDNUM', ids[index % 2] as string]),
        losingLeadKeyLists: { keyList: [list(['IDNUM', ids[1 - (index % 2)] as string])] },
      }),
    );
    const merged = answers.filter(({ answer }) => answer.result.mergeStatus.status === 'MERGED');
    expect(merged).toHaveLength(1);
    expect((await leadsOn(0).leads()).map(({ id }) => id)).toEqual([
      merged[0]?.answer.result.mergeStatus.winningLeadId,
    ]);
  });

  describe('on a list', () => {
    beforeEach(async () => {
      const checked = checkInstance(JSON.stringify(seededInstance));
      if (!('instance' in checked)) throw new Error(JSON.stringify(checked.mistakes));
      const options = { mode: 'make', now: new Date(), timeZone: 'UTC' } as const;
      await applyInstance(stores[0] as Store, checked.instance, options);
      await seedLeadFamily(stores[0] as Store);
    });
    const members = async () => (await leadsOn(0).all('ListMember')).map(({ leadId }) => leadId);

    it('ADDTOLIST of the same lead makes one member', async () => {
      const { leadId } = await leadsOn(0).one({ Email: 'a@example.com' });
      await race((index) =>
        callsOn(index).call('listOperation', {
          listOperation: 'ADDTOLIST',
          listKey: { keyType: 'MKTOLISTNAME', keyValue: 'Newsletter' },
          listMemberList: { leadKey: [{ keyType: 'EMAIL', keyValue: 'a@example.com' }] },
        }),
      );
      expect(await members()).toEqual([leadId]);
      expect(await leadsOn(0).activities()).toHaveLength(2);
    });

    it('importToList of the same new e-mail makes one lead and one member', async () => {
      await race((index) =>
        callsOn(index).call('importToList', {
          programName: 'Summer event',
          importFileHeader: 'Email Address',
          importFileRows: { stringItem: ['a@example.com'] },
          importListMode: 'UPSERTLEADS',
          listName: 'Guests',
          clearList: false,
          campaignName: '',
        }),
      );
      const leads = (await leadsOn(0).leads()).filter(({ email }) => email === 'a@example.com');
      expect(leads).toHaveLength(1);
      expect(await members()).toEqual([leads[0]?.id]);
    });
  });
});
