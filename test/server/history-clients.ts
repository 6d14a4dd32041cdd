import { setTimeout as wait } from 'node:timers/promises';
import { type Client, MktowsFault, MktowsNoAnswer } from '../../src/client/index.ts';
import type { Message } from '../../src/contract/messages.ts';
import type { Seen } from './linear-order.ts';

/** Objects that all clients write; each call writes one of them and two of its own, found by their names. */
export const SHARED = Array.from({ length: 12 }, (_, index) => `shared-${index}`);
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

/** The names of the objects that a call has for itself. */
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
    const { outcome, ids } = await upsert(client, call, shared);
    writes[place] = { call, shared, outcome, ids };
    const ended = outcome === 'acknowledged' ? tick() : Number.POSITIVE_INFINITY;
    if (outcome !== 'refused') {
      for (const name of [shared, ...ownNames(call)])
        note(name, { kind: 'write', value: call, began, ended });
    }
    return outcome;
  }

  /** Reads objects in one call: the names that are asked for, and what the query finds of them. */
  async function read(
    client: Client,
    names: readonly string[],
    query: Partial<Message<'ParamsGetMObjects'>>,
  ) {
    const began = tick();
    try {
      const { result } = await client.call('getMObjects', { type: 'Opportunity', ...query });
      const found = new Map(
        result?.mObjectList?.mObject.map(({ attribList }) => {
          const values = new Map(attribList?.attrib.map(({ name, value }) => [name, value]));
          return [values.get('Name'), values.get('Stage')];
        }),
      );
      const ended = tick();
      for (const name of names) note(name, { kind: 'read', value: found.get(name) ?? null, began, ended });
      reads.answered += 1;
    } catch (error) {
      if (!isExpected(error)) throw error;
      reads.failed += 1;
    }
  }

  const readOne = (client: Client, name: string) =>
    read(client, [name], { externalKey: { name: 'Name', value: name } });

  const listShared = (client: Client) => {
    const mObjCriteria = [{ attrName: 'Type', comparison: 'EQ' as const, attrValue: SHARED_TYPE }];
    return read(client, SHARED, { mObjCriteriaList: { mObjCriteria } });
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
        } else if (choice < 0.75) await readOne(client, pick(SHARED) ?? '');
        else if (choice < 0.85) await listShared(client);
        else await readOne(client, pick(ownNames(pick(writes)?.call ?? '')) ?? '');
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

async function upsert(
  client: Client,
  call: string,
  shared: string,
): Promise<Pick<SeenWrite, 'outcome' | 'ids'>> {
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
  try {
    const answer = await client.call('syncMObjects', { operation: 'UPSERT', mObjectList: { mObject } });
    const rows = answer.result?.mObjStatusList?.mObjStatus ?? [];
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
