import { randomBytes } from 'node:crypto';
import { contentTypes, declarationOf } from '../../src/records/all.ts';
import type { AnyRecordChange, Changes, Decision, Facts, Wanted } from '../../src/rules/facts.ts';
import { catalogueOf, fieldOwners, foldName, type Schema } from '../../src/rules/schema.ts';
import { removeInBatches } from '../../src/store/batches.ts';
import type { CallFilter, CallPlace } from '../../src/store/calls.ts';
import { cappedEntry } from '../../src/store/journal-caps.ts';
import {
  type CallBody,
  type KeptJournalEntry,
  type Store,
  StoreError,
  type TrafficRow,
  type UserRow,
} from '../../src/store/store.ts';
import { browsingIn } from './reference-browse.ts';
import { findIn } from './reference-find.ts';
import { countIn, listIn } from './reference-list.ts';
import { ascending, copyOf, emptyState, loading, looseIdentity, sortedLooseKeys } from './reference-state.ts';

const notHere = () => Promise.reject(new Error('the reference store does not go back'));

/** A store of plain maps without any index, in which every question is a walk over all records. */
export function openReferenceStore(): Store {
  let state = emptyState();
  let isClosed = false;
  let lastNumber = 0;
  let entries: KeptJournalEntry[] = [];
  let bodies: CallBody[] = [];
  let lastBody = 0;
  const traffic = new Map<string, TrafficRow>();
  const users = new Map<string, UserRow>();
  const secret = randomBytes(32);
  const assertOpen = () => {
    if (isClosed) throw new StoreError('the reference store is closed');
  };
  const note: Store['journal']['note'] = (entry) => {
    lastNumber += 1;
    entries.push(wellFormed({ ...cappedEntry(entry), number: lastNumber }));
  };
  return {
    description: { engine: 'sqlite', location: 'maps', durability: 'none' },
    access: null,
    callCounts: null,
    rewinding: {
      snapshots: async () => [],
      take: notHere,
      restore: notHere,
      remove: notHere,
      reset: notHere,
    },
    browsing: browsingIn(() => state),
    async apply<Answer>(wanted: Wanted, decide: (facts: Facts) => Decision<Answer>): Promise<Answer> {
      assertOpen();
      const { facts, load } = loading(state);
      load(wanted);
      for (let round = 0; round < 10; round += 1) {
        const decision = decide(facts);
        if (!('more' in decision)) {
          const after = copyOf(state);
          write(after, decision.changes);
          state = after;
          if (decision.journal !== null) note(decision.journal);
          return decision.answer;
        }
        load(decision.more);
      }
      throw new StoreError('the decision asks for more without end');
    },
    async find(query) {
      assertOpen();
      return findIn(state, query);
    },
    list: async (query) => listIn(state, query),
    count: async (...filter) => countIn(state, ...filter),
    schema: async () => state.schema,
    lastSchema: async () => state.schema,
    async contents() {
      assertOpen();
      const records = contentTypes.map((type) => [
        declarationOf[type].section,
        [...state.records[type].values()].sort(ascending),
      ]);
      return { schema: state.schema, ...Object.fromEntries(records), looseKeys: sortedLooseKeys(state) };
    },
    secret: async () => secret,
    ping: async () => assertOpen(),
    users: {
      list: async () => [...users.values()].sort((a, b) => (a.userId < b.userId ? -1 : 1)),
      find: async (userId) => users.get(userId),
      add: async (user) => !users.has(user.userId) && users.set(user.userId, user) !== undefined,
      async put(user) {
        users.set(user.userId, user);
      },
      async replace(user, before) {
        const found = users.get(user.userId);
        if (found === undefined || Buffer.compare(found.encryptedSecret, before) !== 0) return false;
        users.set(user.userId, { ...found, encryptedSecret: user.encryptedSecret });
        return true;
      },
      remove: async (userId) => users.delete(userId),
    },
    journal: {
      note,
      newest: async (limit, before = Number.POSITIVE_INFINITY) =>
        entries
          .filter(({ number }) => number < before)
          .slice(-limit)
          .reverse(),
      async find(filter, limit) {
        const { before } = filter;
        const isLater = (entry: CallPlace) =>
          before === undefined ||
          entry.at < before.at ||
          (entry.at === before.at && entry.number < before.number);
        const fitting = entries
          .filter((entry) => isLater(entry) && fits(entry, filter))
          .sort((a, b) => (a.at === b.at ? b.number - a.number : a.at < b.at ? 1 : -1));
        const found = fitting.slice(0, limit);
        const last = found.at(-1);
        const next =
          last === undefined || fitting.length <= limit ? null : { at: last.at, number: last.number };
        return { entries: found, next };
      },
      after: async (number, limit) => entries.filter((entry) => entry.number > number).slice(0, limit),
      entry: async (number) => entries.find((entry) => entry.number === number),
      countSince: async (at) => entries.filter((entry) => entry.at >= at).length,
      prune: (at, signal) =>
        removeInBatches(async (atMost) => {
          const old = entries.filter((entry) => entry.at < at).slice(0, atMost);
          entries = entries.filter((entry) => !old.includes(entry));
          return old.length;
        }, signal),
    },
    bodies: {
      async add(body) {
        bodies.push({ ...body, number: ++lastBody });
      },
      find: async (callId) => bodies.findLast((body) => body.callId === callId),
      which: async (callIds) => new Set(callIds.filter((id) => bodies.some(({ callId }) => callId === id))),
      async shrink(bytes) {
        let total = 0;
        bodies = bodies.filter((_, index) => {
          total = bodies
            .slice(index)
            .reduce((sum, { request, answer }) => sum + request.length + answer.length, 0);
          return total <= bytes;
        });
      },
      async prune(at) {
        bodies = bodies.filter((body) => body.at >= at);
      },
    },
    traffic: {
      async put(rows) {
        for (const row of rows) traffic.set(JSON.stringify([row.span, row.since, row.run]), row);
      },
      read: async (span, since, until) =>
        [...traffic.values()]
          .filter((row) => row.span === span && row.since >= since && row.since < until)
          .sort((a, b) => (a.since + a.run < b.since + b.run ? -1 : 1)),
      async prune(span, at) {
        for (const [key, row] of traffic) if (row.span === span && row.since < at) traffic.delete(key);
      },
    },
    async close() {
      isClosed = true;
    },
  };
}

function fits(entry: KeptJournalEntry, filter: CallFilter): boolean {
  const { since = '', until = '~', userId, operation, status, fault, text, object } = filter;
  const inRows = text !== undefined && JSON.stringify(entry.rows).includes(JSON.stringify(text).slice(1, -1));
  const texts = [entry.faultText, entry.callId, entry.userId, entry.address];
  return (
    entry.at >= since &&
    entry.at <= until &&
    (userId === undefined || entry.userId === userId) &&
    (operation === undefined || entry.operation === operation) &&
    (status === undefined || entry.rows.some((row) => row.status === status)) &&
    (fault === undefined ||
      (fault === 'any' ? entry.fault !== null : entry.fault === (fault === 'none' ? null : fault))) &&
    (text === undefined || inRows || texts.some((one) => one?.includes(text))) &&
    (object === undefined || entry.rows.some(({ type, id }) => type === object.type && id === object.id))
  );
}

/** The same with every half character replaced, as a database of UTF-8 texts does. */
const wellFormed = <Value>(value: Value): Value =>
  JSON.parse(JSON.stringify(value, (_, each) => (typeof each === 'string' ? each.toWellFormed() : each)));

function write(state: ReturnType<typeof emptyState>, changes: Changes): void {
  for (const key of changes.removedLooseKeys ?? []) state.looseKeys.delete(looseIdentity(key));
  for (const change of changes.records) writeRecord(state, change);
  for (const key of changes.looseKeys) state.looseKeys.set(looseIdentity(key), key);
  const { newFields, removedFields = [], schema } = changes;
  if (newFields.length === 0 && removedFields.length === 0 && schema === undefined) return;
  const changed = new Set([
    ...newFields.map(({ owner, field }) => owner + foldName(field.name)),
    ...removedFields.map(({ owner, name }) => owner + foldName(name)),
  ]);
  const fields = fieldOwners.map((owner) => {
    const kept = state.schema.fields[owner].all.filter(
      ({ name, custom }) => custom && !changed.has(owner + foldName(name)),
    );
    return [
      owner,
      catalogueOf(owner, [
        ...kept,
        ...newFields.filter((each) => each.owner === owner).map(({ field }) => field),
      ]),
    ];
  });
  state.schema = { ...state.schema, ...schema, fields: Object.fromEntries(fields) as Schema['fields'] };
}

function writeRecord(state: ReturnType<typeof emptyState>, change: AnyRecordChange): void {
  const { type, before, after } = change;
  const records: Map<number, unknown> = state.records[type];
  const id = after?.id ?? before?.id ?? 0;
  if (records.has(id) !== (before !== undefined)) throw new StoreError(`${type} ${id} is there, or is not`);
  if (after === undefined) {
    records.delete(id);
    for (const [identity, key] of state.looseKeys)
      if (key.type === type && key.id === id) state.looseKeys.delete(identity);
    return;
  }
  state.last[type] = Math.max(state.last[type], id);
  if (change.type === 'Program' && change.after !== undefined) {
    // A call may have loaded some of the costs only, and changes no others.
    const known = new Set(change.before?.costs.map((cost) => cost.id));
    const others = state.records.Program.get(id)?.costs.filter((cost) => !known.has(cost.id)) ?? [];
    const costs = [...others, ...change.after.costs].sort(ascending);
    state.last.Cost = Math.max(state.last.Cost, ...costs.map((cost) => cost.id));
    records.set(id, { ...after, costs });
  } else records.set(id, after);
}
