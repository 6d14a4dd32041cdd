import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ApplyOptions, applyInstanceText } from '../../src/instance/apply.ts';
import { exportInstance } from '../../src/instance/export.ts';
import type { Instance } from '../../src/instance/shape.ts';
import type { Draft } from '../../src/rules/draft.ts';
import { createDraft } from '../../src/rules/draft.ts';
import { openStore } from '../../src/store/open.ts';
import type { Store } from '../../src/store/store.ts';
import { check, faultsOf } from '../store/cases-check.ts';
import { type EngineDatabase, overBothEngines } from '../store/test-engines.ts';
import { wholeInstance } from './whole-instance.ts';

const NOW = new Date('2026-11-23T12:00:00Z');
const LATER = new Date('2026-11-24T12:00:00Z');

await overBothEngines((engine) => {
  let database: EngineDatabase;
  let store: Store;
  beforeEach(async () => {
    database = await engine.open();
    store = await openStore(database.url);
  });
  afterEach(async () => {
    await store.close();
    await database.remove();
  });

  const applied = (instance: Instance, options: Partial<ApplyOptions> = {}) =>
    applyInstanceText(store, JSON.stringify(instance), {
      mode: 'make',
      now: NOW,
      timeZone: 'UTC',
      ...options,
    });

  async function apply(instance: Instance, options: Partial<ApplyOptions> = {}) {
    const result = await applied(instance, options);
    if ('mistakes' in result) throw new Error(JSON.stringify(result.mistakes));
    return result.report;
  }

  async function mistakes(instance: Instance, options: Partial<ApplyOptions> = {}) {
    const before = await exportInstance(store);
    const result = await applied(instance, options);
    expect(await exportInstance(store)).toEqual(before);
    return 'mistakes' in result ? result.mistakes.map(({ path, message }) => `${path}: ${message}`) : [];
  }

  /** Writes as calls do. */
  const write = (edit: (draft: Draft) => void) =>
    store.apply(
      { ids: {}, keys: [], newIds: { Activity: 5, ListImport: 5, CampaignRun: 5 }, depth: 1 },
      (facts) => {
        const draft = createDraft(facts, 1, []);
        edit(draft);
        return { changes: draft.changes(), answer: null, journal: null };
      },
    );

  const changed = (report: Awaited<ReturnType<typeof apply>>) =>
    Object.entries(report).flatMap(([kind, { created, updated, removed }]) =>
      created + updated + removed === 0 ? [] : [`${kind} ${created} ${updated} ${removed}`],
    );

  it('an export makes its like in an empty database, and changes nothing when it is applied again', async () => {
    await apply(wholeInstance);
    expect(await exportInstance(store)).toEqual(wholeInstance);
    for (const options of [{}, { exact: true }, { mode: 'add' }] as const) {
      expect(changed(await apply(wholeInstance, { ...options, now: LATER }))).toEqual([]);
    }
  });

  describe('an exact file', () => {
    it('removes what belongs to what it removes: no reference dangles', async () => {
      await apply(wholeInstance);
      await write((draft) => {
        draft.put('Activity', {
          id: draft.takeId('Activity'),
          leadId: 19,
          type: 'NewLead',
          at: NOW.toISOString(),
          assetName: null,
          campaign: null,
          attributes: [],
        });
        for (const listId of [3, 4]) {
          draft.put('ListImport', {
            id: draft.takeId('ListImport'),
            listId,
            campaignId: 12,
            at: NOW.toISOString(),
            mode: 'UPSERTLEADS',
            rows: 0,
            imported: 0,
            failed: 0,
            ignored: 0,
            summary: '',
            tokens: [],
          });
        }
        draft.put('CampaignRun', {
          id: draft.takeId('CampaignRun'),
          campaignId: 12,
          kind: 'schedule',
          at: NOW.toISOString(),
          runAt: null,
          source: null,
          leadIds: [],
          tokens: [],
        });
      });
      const less = { lists: [{ id: 3, name: 'Newsletter' }], leads: [{ id: 20 }] };
      const report = await apply(less, { exact: true });
      expect(report.leads).toMatchObject({ unchanged: 1, removed: 1 });
      expect(report.lists).toMatchObject({ updated: 1, removed: 2 });
      expect(await store.count({ type: 'Activity', where: [] })).toBe(0);
      expect(await store.count({ type: 'CampaignRun', where: [] })).toBe(0);
      expect((await store.list({ type: 'ListImport', where: [], limit: 9 })).records).toMatchObject([
        { listId: 3, campaignId: null },
      ]);
      expect(Object.keys(await exportInstance(store))).toEqual(['leads', 'lists']);
      await store.close();
      expect(faultsOf(await check(database.url))).toEqual([]);
      store = await openStore(database.url);
      await apply({}, { exact: true });
      expect(await exportInstance(store)).toEqual({});
    });

    it('changes the keys of a custom object type', async () => {
      await apply(wholeInstance);
      const customObjects = [
        {
          type: 'road show',
          keys: [{ name: 'rid', dataType: 'integer' as const }],
          objects: [{ attributes: { RID: '7' } }],
        },
      ];
      await apply({ ...wholeInstance, customObjects }, { exact: true });
      expect((await exportInstance(store)).customObjects).toMatchObject([
        { type: 'road show', objects: [{ attributes: { rid: 7 } }] },
      ]);
    });
  });

  describe('what the file does not say', () => {
    it('stays with a lead', async () => {
      await apply(wholeInstance);
      await apply({ leads: [{ id: 19, email: 'new@example.com' }] }, { now: LATER });
      const [before] = wholeInstance.leads ?? [];
      const { foreignIds, cookies, crmKeys, workspace } = before ?? {};
      const [lead] = (await exportInstance(store)).leads ?? [];
      expect(lead).toMatchObject({ email: 'new@example.com', foreignIds, cookies, crmKeys, workspace });
    });

    it('stays in a list and a custom object type', async () => {
      await apply(wholeInstance);
      const city = { name: 'city', dataType: 'string' as const };
      const keys = wholeInstance.customObjects?.[0]?.keys ?? [];
      await apply({
        lists: [{ id: 3, name: 'Newsletter' }],
        customObjects: [{ type: 'Road Show', keys, fields: [city, { name: 'new', dataType: 'date' }] }],
      });
      const { lists, customObjects } = await exportInstance(store);
      expect(lists).toEqual(wholeInstance.lists);
      expect(customObjects?.[0]?.objects).toEqual(wholeInstance.customObjects?.[0]?.objects);
      expect(customObjects?.[0]?.fields?.map(({ name }) => name)).toEqual(['city', 'at', 'seats', 'new']);
    });
  });

  it('lists and campaigns without ids are found by name, within their program', async () => {
    const file: Instance = {
      programs: [{ id: 1, name: 'Spring' }],
      leads: [{ id: 1 }],
      lists: [
        { name: 'A', members: [1] },
        { name: 'a', program: 'SPRING' },
        { id: 1, name: 'B' },
      ],
      campaigns: [{ name: 'C', kind: 'batch' }],
    };
    await apply(file);
    const before = await exportInstance(store);
    expect(changed(await apply(file, { now: LATER }))).toEqual([]);
    expect(before.lists).toEqual([
      { id: 1, name: 'B' },
      { id: 2, name: 'A', members: [1] },
      { id: 3, name: 'a', program: 'Spring' },
    ]);
    const { lists: _, ...rest } = file;
    expect(changed(await apply({ ...rest, lists: [{ name: 'A', members: [] }] }))).toEqual(['lists 0 1 0']);
  });

  it('a program can be named by id where several have its name', async () => {
    const programs = [1, 2].map((id) => ({ id, name: 'Same' }));
    await apply({ programs, lists: [{ name: 'L', program: 2 }] });
    const exported = await exportInstance(store);
    expect(exported.lists).toEqual([{ id: 1, name: 'L', program: 2 }]);
    expect(await mistakes({ lists: [{ name: 'M', program: 'same' }] })).toEqual([
      'lists[0].program: several programs are called "same"; expected the id of one: 1, 2',
    ]);
  });

  it('foreign ids are kept in the order of the file, and move between leads of the file', async () => {
    const id = (text: string) => ({ type: 'CUSTOM' as const, id: text });
    const leads = (one: string[], two: string[]): Instance => ({
      leads: [
        { id: 1, foreignIds: one.map(id) },
        { id: 2, foreignIds: two.map(id) },
      ],
    });
    await apply(leads(['a', 'b', 'c'], []));
    const report = await apply(leads(['c', 'a'], ['b']), { now: LATER });
    expect(report.leads).toMatchObject({ updated: 2 });
    const exported = await exportInstance(store);
    expect(exported.leads).toMatchObject([{ foreignIds: ['c', 'a'].map(id) }, { foreignIds: ['b'].map(id) }]);
    expect(exported.leads?.[0]?.updatedAt).toBe(LATER.toISOString());
    expect(await mistakes({ leads: [{ id: 2, foreignIds: [id('a')] }] })).toEqual([
      'leads[0].foreignIds[0]: belongs to lead 1 in the database',
    ]);
  });

  it('adding a lead leaves another one the foreign ids and cookies that it has meanwhile', async () => {
    const parts = { foreignIds: [{ type: 'CUSTOM' as const, id: 'f' }], cookies: ['c'] };
    await apply({ leads: [{ id: 1, ...parts }] });
    const file = { leads: [{ id: 1 }, { id: 2, ...parts, crmKeys: { SFDCLEADID: 'k' } }] };
    expect(changed(await apply(file, { mode: 'add' }))).toEqual(['leads 1 0 0']);
    const { leads } = await exportInstance(store);
    expect(leads?.[0]).toMatchObject(parts);
    expect(leads?.[1]).toMatchObject({ id: 2, crmKeys: { SFDCLEADID: 'k' } });
    expect(leads?.[1]).not.toHaveProperty('foreignIds');
    expect(leads?.[1]).not.toHaveProperty('cookies');
  });

  it('a cookie that looks encoded is exported so that it stays as it is', async () => {
    await apply({ leads: [{ id: 1, cookies: ['id:1&a%2541', 'id:2&id:3&b', 'plain'] }] });
    const exported = await exportInstance(store);
    expect((await store.contents()).leadCookies.map(({ value }) => value)).toEqual([
      'a%41',
      'id:3&b',
      'plain',
    ]);
    expect(changed(await apply(exported, { now: LATER }))).toEqual([]);
  });

  it('every mistake is reported with its place and what was expected', async () => {
    await apply(wholeInstance);
    expect(
      await mistakes({
        workspaces: ['Default', 'North', 'north'],
        leads: [
          { id: 1, workspace: 'Nort', foreignIds: [{ type: 'SFDC', id: '00Q1' }], cookies: ['c'] },
          { id: 2, workspace: 'europe', cookies: ['id:1&c'] },
        ],
        lists: [
          { name: 'L', members: [1, 1, 77] },
          { name: 'l', program: 'Springs' },
          { id: 8, name: 'newsletter' },
        ],
        campaigns: [
          { id: 5, name: 'C', kind: 'batch' },
          { id: 5, name: 'c', kind: 'batch' },
        ],
        customObjects: [
          {
            type: 'T',
            keys: [{ name: 'MKTOID', dataType: 'string' }],
            fields: [{ name: 'mktoid', dataType: 'integer' }],
          },
          { type: 't', keys: [] },
          { type: 'road show', keys: [{ name: 'rid', dataType: 'string' }] },
          {
            type: 'N',
            keys: [{ name: 'n', dataType: 'integer' }],
            objects: [
              { attributes: { n: 'x' } },
              { attributes: { m: 1 } },
              { attributes: { n: 1 } },
              { attributes: { N: '1' } },
            ],
          },
        ],
      }),
    ).toMatchInlineSnapshot(`
      [
        "workspaces[0]: "Default" is always there; leave it out",
        "workspaces[2]: duplicate "north" (case does not count)",
        "leads[0].workspace: "Nort" is not a workspace (did you mean North?); define it in the file",
        "leads[0].foreignIds[0]: belongs to lead 19 in the database",
        "leads[1].cookies[0]: is already at leads[0].cookies[0]; expected one lead to have it, once",
        "lists[0].members[1]: lead 1 is already a member of the list",
        "lists[0].members[2]: no Lead 77 in the file or the database",
        "lists[1].program: "Springs" is not a program; define it in the file",
        "lists[2].id: "newsletter" has id 3 in the database; expected that id or none",
        "campaigns[1].id: duplicate id 5 in campaigns",
        "campaigns[1].name: duplicate "c" in the campaigns without a program (case does not count)",
        "customObjects[0].keys[0].dataType: "MKTOID" holds the id of a lead; expected integer",
        "customObjects[0].fields[0].name: duplicate "mktoid" among keys and fields (case does not count)",
        "customObjects[1].type: duplicate type "t" (case does not count)",
        "customObjects[1].keys: has 0 keys; expected 1 to 10",
        "customObjects[2].keys: Road Show already has the keys MKTOID (integer), rid (string); they can change only when the store is made exactly like the file",
        "customObjects[3].objects[0].attributes.n: "x": expected a whole number, such as 80 or 80%",
        "customObjects[3].objects[1].attributes.n: is missing",
        "customObjects[3].objects[1].attributes.m: "m" is not a key or field of N (did you mean n?); define it in the file",
        "customObjects[3].objects[3]: has the same keys as customObjects[3].objects[2]; expected other ones",
      ]
    `);
  });
});
