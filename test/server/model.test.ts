import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Client } from '../../src/client/index.ts';
import type { Message } from '../../src/contract/messages.ts';
import { applyInstance } from '../../src/instance/apply.ts';
import { openStore } from '../../src/store/open.ts';
import { overBothEngines } from '../store/test-engines.ts';
import { clientOf, startTestServer, type TestServer } from './test-server.ts';

/**
 * Random commands against the running server and against a model of what it must hold; among them a restart on the
 * same database.
 */
interface Model {
  /** Opportunities by id, as their attributes. */
  readonly opportunities: Map<number, Record<string, string>>;
  /** Roles by id. */
  readonly roles: Map<number, { opportunity: number; role: string }>;
  lastOpportunity: number;
  lastRole: number;
}

interface Running {
  server: TestServer;
  client: Client;
  readonly database: string;
}

const words = ['a', 'b', 'c'];
const word = fc.constantFrom(...words);
const nth = fc.nat({ max: 30 });

const attribList = (values: Record<string, string>) => ({
  attrib: Object.entries(values).map(([name, value]) => ({ name, value })),
});

async function sync(client: Client, operation: 'INSERT' | 'UPDATE' | 'UPSERT', mObject: Message<'MObject'>) {
  const answer = await client.call('syncMObjects', { operation, mObjectList: { mObject: [mObject] } });
  const [row] = answer.result?.mObjStatusList?.mObjStatus ?? [];
  return [row?.status, row?.id];
}

type GetParams = Omit<Message<'ParamsGetMObjects'>, 'type'>;

/** All pages of a query: id and attributes of each object. */
async function getAll(client: Client, type: string, params: GetParams = {}) {
  const found: [number | undefined, Record<string, string>][] = [];
  let next: GetParams = params;
  for (;;) {
    const { result } = await client.call('getMObjects', { type, ...next });
    for (const { id, attribList: list } of result?.mObjectList?.mObject ?? []) {
      const values = list?.attrib.filter(({ name }) => name !== 'Id') ?? [];
      found.push([id, Object.fromEntries(values.map(({ name = '', value = '' }) => [name, value]))]);
    }
    if (!result?.hasMore) return found;
    next = { streamPosition: result.newStreamPosition ?? '' };
  }
}

const newestWith = (model: Model, key: string) =>
  [...model.opportunities].filter(([, values]) => values.oppKey === key).at(-1)?.[0];
const pick = <T>(map: Map<number, T>, index: number) =>
  [...map.keys()][index % Math.max(1, map.size)] ?? 999_999;

type ServerCommand = fc.AsyncCommand<Model, Running>;
const command = (name: string, run: ServerCommand['run']): ServerCommand => ({
  check: () => true,
  run,
  toString: () => name,
});

const upsert = fc.record({ key: word, name: word }).map(({ key, name }) =>
  command(`upsert ${key} ${name}`, async (model, { client }) => {
    const known = newestWith(model, key);
    const before = known === undefined ? undefined : model.opportunities.get(known);
    const row = await sync(client, 'UPSERT', {
      type: 'Opportunity',
      externalKey: { name: 'oppKey', value: key },
      attribList: attribList({ Name: name }),
    });
    if (known !== undefined && before !== undefined) {
      expect(row).toEqual([before.Name === name ? 'UNCHANGED' : 'UPDATED', known]);
      model.opportunities.set(known, { ...before, Name: name });
    } else {
      model.lastOpportunity += 1;
      expect(row).toEqual(['CREATED', model.lastOpportunity]);
      model.opportunities.set(model.lastOpportunity, { Name: name, oppKey: key });
    }
  }),
);

const update = fc.record({ index: nth, stage: word }).map(({ index, stage }) =>
  command(`update #${index} ${stage}`, async (model, { client }) => {
    const id = pick(model.opportunities, index);
    const before = model.opportunities.get(id);
    const row = await sync(client, 'UPDATE', {
      type: 'Opportunity',
      id,
      attribList: attribList({ Stage: stage }),
    });
    const status = before === undefined ? 'SKIPPED' : before.Stage === stage ? 'UNCHANGED' : 'UPDATED';
    expect(row).toEqual([status, id]);
    if (before !== undefined) model.opportunities.set(id, { ...before, Stage: stage });
  }),
);

const addRole = fc.record({ index: nth, role: word }).map(({ index, role }) =>
  command(`role #${index} ${role}`, async (model, { client }) => {
    const opportunity = pick(model.opportunities, index);
    const known = [...model.roles].find(
      ([, each]) => each.opportunity === opportunity && each.role === role,
    )?.[0];
    const row = await sync(client, 'INSERT', {
      type: 'OpportunityPersonRole',
      attribList: attribList({ OpportunityId: String(opportunity), PersonId: '1', Role: role }),
    });
    if (!model.opportunities.has(opportunity)) expect(row).toEqual(['FAILED', null]);
    else if (known !== undefined) expect(row).toEqual(['SKIPPED', known]);
    else {
      model.lastRole += 1;
      expect(row).toEqual(['CREATED', model.lastRole]);
      model.roles.set(model.lastRole, { opportunity, role });
    }
  }),
);

const remove = nth.map((index) =>
  command(`delete #${index}`, async (model, { client }) => {
    const id = pick(model.opportunities, index);
    const answer = await client.call('deleteMObjects', {
      mObjectList: { mObject: [{ type: 'Opportunity', id }] },
    });
    const [row] = answer.result?.mObjStatusList?.mObjStatus ?? [];
    expect([row?.status, row?.id]).toEqual([model.opportunities.delete(id) ? 'DELETED' : 'UNCHANGED', id]);
  }),
);

const getEverything = fc.constant(
  command('get all', async (model, { client }) => {
    expect(await getAll(client, 'Opportunity')).toEqual([...model.opportunities]);
  }),
);

const getByKey = word.map((key) =>
  command(`get ${key}`, async (model, { client }) => {
    const newest = newestWith(model, key);
    const found = await getAll(client, 'Opportunity', { externalKey: { name: 'oppKey', value: key } });
    expect(found.map(([id]) => id)).toEqual(newest === undefined ? [] : [newest]);
  }),
);

const getWhere = fc
  .record({ name: fc.constantFrom('Name', 'Stage', 'oppKey'), not: fc.boolean(), value: word })
  .map(({ name, not, value }) =>
    command(`get ${name} ${not ? '<>' : '='} ${value}`, async (model, { client }) => {
      const mObjCriteria = [
        { attrName: name, comparison: not ? ('NE' as const) : ('EQ' as const), attrValue: value },
      ];
      const found = await getAll(client, 'Opportunity', { mObjCriteriaList: { mObjCriteria } });
      const expected = [...model.opportunities].filter(([, values]) => (values[name] === value) !== not);
      expect(found).toEqual(expected);
    }),
  );

const getRoles = nth.map((index) =>
  command(`get roles of #${index}`, async (model, { client }) => {
    const id = pick(model.opportunities, index);
    const mObjAssociation = [{ mObjType: 'Opportunity', id }];
    const found = await getAll(client, 'OpportunityPersonRole', { mObjAssociationList: { mObjAssociation } });
    const expected = [...model.roles].filter(([, each]) => each.opportunity === id);
    expect(found.map(([, values]) => values.Role)).toEqual(expected.map(([, each]) => each.role));
  }),
);

const describeType = fc.constant(
  command('describe', async (_model, { client }) => {
    const { result } = await client.call('describeMObject', { objectName: 'Opportunity' });
    expect(result?.metadata?.fieldList?.field).toHaveLength(22);
  }),
);

const restart = fc.constant(
  command('restart', async (_model, running) => {
    await running.server.remove();
    Object.assign(running, await start(running.database));
  }),
);

async function start(database: string) {
  const server = await startTestServer({ database });
  return { server, client: clientOf(server) };
}

async function fill(database: string): Promise<void> {
  const store = await openStore(database);
  const instance = {
    fields: { Opportunity: [{ name: 'oppKey', dataType: 'string' as const }] },
    leads: [{ id: 1 }],
  };
  await applyInstance(store, instance, { mode: 'make', now: new Date(), timeZone: 'UTC' });
  await store.close();
}

const commands = fc.commands(
  [
    upsert,
    upsert,
    update,
    addRole,
    remove,
    getEverything,
    getByKey,
    getWhere,
    getRoles,
    describeType,
    restart,
  ],
  { maxCommands: 60, size: 'max' },
);

await overBothEngines((engine) => {
  it('the running server does what the model does, also over restarts', { timeout: 300_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(commands, async (run) => {
        const database = await engine.open();
        await fill(database.url);
        const running: Running = { ...(await start(database.url)), database: database.url };
        const model = { opportunities: new Map(), roles: new Map(), lastOpportunity: 0, lastRole: 0 };
        try {
          await fc.asyncModelRun(() => ({ model, real: running }), run);
        } finally {
          await running.server.remove();
          await database.remove();
        }
      }),
      { numRuns: Number(process.env.MKTOWS_MODEL_RUNS ?? 15) },
    );
  });
});
