import { setTimeout as wait } from 'node:timers/promises';
import { type Client, MktowsFault, MktowsNoAnswer } from '../../src/client/index.ts';
import type { Message } from '../../src/contract/messages.ts';
import type { Seen } from './linear-order.ts';

const numbered = (count: number, name: string) =>
  Array.from({ length: count }, (_, index) => `${name}-${index}`);

/** Opportunities that all clients write; each call writes one of them and two of its own, found by their names. */
const SHARED_OBJECTS = numbered(12, 'shared');
/** Leads that all clients write, found by their addresses. A call writes one of them and two of its own. */
const SHARED_LEADS = numbered(6, 'shared-lead');
export const SHARED = [...SHARED_OBJECTS, ...SHARED_LEADS];
const isLead = (shared: string): boolean => SHARED_LEADS.includes(shared);

/** The field of leads in which each call leaves its name. */
export const LEAD_MARK = 'Department';
/** Tells shared objects from others, for listing them. */
const SHARED_TYPE = 'shared';

/** What a client was told: `refused`: nothing was applied; `unknown`: nobody knows it; `unanswered`: nothing. */
export type Outcome = 'acknowledged' | 'refused' | 'unknown' | 'unanswered';

/** What a client saw of an upsert. It leaves the name of the call in the three objects. */
export interface SeenWrite {
  readonly call: string;
  readonly shared: string;
  readonly outcome: Outcome;
  /** Ids of the shared object and of the two own ones, where they were answered. */
  readonly ids: readonly number[];
}

export interface History {
  readonly writes: readonly SeenWrite[];
  /** By the object's name; a write that was refused is not among them. */
  readonly seen: ReadonlyMap<string, readonly Seen[]>;
  /** Reads that were answered, and that were not. */
  readonly reads: { answered: number; failed: number };
}

/** The names of the objects or leads that a call has for itself. */
export const ownNames = (call: string): readonly string[] => [`${call}/a`, `${call}/b`];

/** Clients whose writes and reads go into one history. */
export function historyClients(random: () => number) {
  const writes: SeenWrite[] = [];
  const seen = new Map<string, Seen[]>();
  const reads = { answered: 0, failed: 0 };
  let clock = 0;
  const tick = () => {
    clock += 1;
    return clock;
  };
  const note = (name: string, operation: Seen) => {
    const known = seen.get(name);
    if (known === undefined) seen.set(name, [operation]);
    else known.push(operation);
  };
  const pick = <T>(from: readonly T[]): T | undefined => from[Math.floor(random() * from.length)];

  async function write(client: Client): Promise<Outcome> {
    const call = `call-${writes.length}`;
    const shared = pick(SHARED) ?? '';
    const place = writes.push({ call, shared, outcome: 'unanswered', ids: [] }) - 1;
    const began = tick();
    const { outcome, ids } = await (isLead(shared) ? upsertLeads : upsert)(client, call, shared, random);
    writes[place] = { call, shared, outcome, ids };
    const ended = outcome === 'acknowledged' ? tick() : Number.POSITIVE_INFINITY;
    if (outcome !== 'refused') {
      for (const name of [shared, ...ownNames(call)])
        note(name, { kind: 'write', value: call, began, ended });
    }
    return outcome;
  }

  /** Notes what one call found: the names that were asked for, and what each holds. */
  async function read(names: readonly string[], find: () => Promise<Found>): Promise<void> {
    const began = tick();
    try {
      const found = await find();
      const ended = tick();
      for (const name of names) note(name, { kind: 'read', value: found.get(name) ?? null, began, ended });
      reads.answered += 1;
    } catch (error) {
      if (!isExpected(error)) throw error;
      reads.failed += 1;
    }
  }

  const readOne = (client: Client, name: string) =>
    read([name], () => findObjects(client, { externalKey: { name: 'Name', value: name } }));

  const listShared = (client: Client) => {
    const mObjCriteria = [{ attrName: 'Type', comparison: 'EQ' as const, attrValue: SHARED_TYPE }];
    return read(SHARED_OBJECTS, () => findObjects(client, { mObjCriteriaList: { mObjCriteria } }));
  };

  const readLeads = (client: Client, names: readonly string[]) => read(names, () => findLeads(client, names));

  /** Reads one of the objects or leads that a call had for itself. */
  const readOwn = (client: Client) => {
    const { call, shared } = pick(writes) ?? { call: '', shared: '' };
    const name = pick(ownNames(call)) ?? '';
    return isLead(shared) ? readLeads(client, [name]) : readOne(client, name);
  };

  return {
    history: { writes, seen, reads } satisfies History,
    /** Makes one call after the other, each to another server, until this time of `performance.now()`. */
    async run(clients: readonly Client[], until: number): Promise<void> {
      while (performance.now() < until) {
        const client = pick(clients) as Client;
        const choice = random();
        if (choice < 0.55) {
          if ((await write(client)) !== 'acknowledged') await wait(20);
        } else if (choice < 0.7) await readOne(client, pick(SHARED_OBJECTS) ?? '');
        else if (choice < 0.8) await readLeads(client, SHARED_LEADS);
        else if (choice < 0.87) await listShared(client);
        else await readOwn(client);
      }
    },
    /** Adds what is there in the end, as a read after everything. */
    noteEnd(lastOf: (name: string) => string | null): void {
      const began = tick();
      const ended = tick();
      for (const name of seen.keys()) note(name, { kind: 'read', value: lastOf(name), began, ended });
    },
  };
}

/** What objects or leads hold, by their names. */
type Found = ReadonlyMap<string | undefined, string | null | undefined>;

async function findObjects(client: Client, query: Partial<Message<'ParamsGetMObjects'>>): Promise<Found> {
  const { result } = await client.call('getMObjects', { type: 'Opportunity', ...query });
  return new Map(
    result?.mObjectList?.mObject.map(({ attribList }) => {
      const values = new Map(attribList?.attrib.map(({ name, value }) => [name, value]));
      return [values.get('Name'), values.get('Stage')];
    }),
  );
}

async function findLeads(client: Client, names: readonly string[]): Promise<Found> {
  const keyValues = { stringItem: [...names] };
  const { result } = await client.call('getMultipleLeads', {
    leadSelector: { $type: 'LeadKeySelector', keyType: 'EMAIL', keyValues },
    includeAttributes: { stringItem: [LEAD_MARK] },
  });
  return new Map(
    result?.leadRecordList?.leadRecord.map(({ Email, leadAttributeList }) => [
      Email?.toLowerCase(),
      leadAttributeList?.attribute[0]?.attrValue,
    ]),
  );
}

type Written = Pick<SeenWrite, 'outcome' | 'ids'>;

/** Writes leads by their addresses, some in capitals: case does not count. */
async function upsertLeads(
  client: Client,
  call: string,
  shared: string,
  random: () => number,
): Promise<Written> {
  const leadRecord = [shared, ...ownNames(call)].map((name) => ({
    Email: random() < 0.3 ? name.toUpperCase() : name,
    leadAttributeList: { attribute: [{ attrName: LEAD_MARK, attrValue: call }] },
  }));
  return writtenBy(call, async () => {
    const { result } = await client.call('syncMultipleLeads', { leadRecordList: { leadRecord } });
    return (
      result?.syncStatusList?.syncStatus.map(({ leadId, status }) => ({ id: leadId ?? null, status })) ?? []
    );
  });
}

async function upsert(client: Client, call: string, shared: string): Promise<Written> {
  const mObject = [shared, ...ownNames(call)].map((value) => ({
    type: 'Opportunity' as const,
    externalKey: { name: 'Name', value },
    attribList: {
      attrib: [
        { name: 'Stage', value: call },
        { name: 'Type', value: value === shared ? SHARED_TYPE : 'own' },
      ],
    },
  }));
  return writtenBy(call, async () => {
    const answer = await client.call('syncMObjects', { operation: 'UPSERT', mObjectList: { mObject } });
    return answer.result?.mObjStatusList?.mObjStatus ?? [];
  });
}

type Row = { readonly id?: number | null; readonly status?: string | undefined };

/** Returns what a client was told of a call that writes three rows. */
async function writtenBy(call: string, write: () => Promise<readonly Row[]>): Promise<Written> {
  try {
    const rows = await write();
    const written = rows.filter(({ status }) => status === 'CREATED' || status === 'UPDATED');
    if (written.length !== 3) throw new Error(`${call}: ${JSON.stringify(rows)}`);
    return { outcome: 'acknowledged', ids: rows.map(({ id }) => Number(id)) };
  } catch (error) {
    if (!isExpected(error)) throw error;
    return { outcome: outcomeOf(error), ids: [] };
  }
}

function outcomeOf(error: unknown): Outcome {
  if (error instanceof MktowsFault) return /not known/.test(error.message) ? 'unknown' : 'refused';
  return error instanceof MktowsNoAnswer && !error.outcomeUnknown ? 'refused' : 'unanswered';
}

/** A server that has gone, or one that has lost its database. */
const isExpected = (error: unknown): boolean =>
  error instanceof MktowsNoAnswer || (error instanceof MktowsFault && error.code === 20011);
