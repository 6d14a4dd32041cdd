import type { KeptJournalEntry, StoreContents } from '../../src/store/store.ts';

/** The custom field that groups are found by, and the field in which each call leaves its name. */
export const KEY_FIELD = 'groupKey';
export const MARK_FIELD = 'NextStep';

/** One call that a client made: an INSERT of new objects, or an UPSERT of all keys of a group. */
export interface CallRecord {
  readonly name: string;
  readonly kind: 'insert' | 'upsert';
  /** The group of keys that an upsert writes as a whole. */
  readonly group: number;
  readonly size: number;
  /** Order of events at the clients. After `ended` the call cannot be applied any more. */
  readonly began: number;
  ended: number;
  /** What the client was told; `refused`: that nothing was applied; `unknown`: that, or nothing at all. */
  outcome: 'acknowledged' | 'refused' | 'unknown';
  /** The ids answered as CREATED. */
  created: readonly number[];
}

/**
 * Holds what the store has against what the clients saw. Empty: every promise was kept. Otherwise a line for each
 * broken one: acknowledged is there, refused is not, a call is whole, no key has two objects, no acknowledged update
 * is lost, ids are given once, the journal agrees.
 */
export function brokenPromises(
  calls: readonly CallRecord[],
  { opportunities }: StoreContents,
  journal: readonly KeptJournalEntry[],
): string[] {
  const broken: string[] = [];
  const byId = new Map(opportunities.map((record) => [record.id, record]));
  const marked = new Map<string, number>();
  for (const { values } of opportunities) {
    if (values.has(KEY_FIELD)) continue;
    const mark = String(values.get(MARK_FIELD));
    marked.set(mark, (marked.get(mark) ?? 0) + 1);
  }

  const given = new Map<number, string>();
  for (const call of calls) {
    for (const id of call.created) {
      const other = given.get(id);
      if (other !== undefined) broken.push(`id ${id} was given to ${other} and to ${call.name}`);
      given.set(id, call.name);
      if (!byId.has(id)) broken.push(`${call.name} was acknowledged with id ${id}, which is not there`);
    }
    if (call.kind !== 'insert') continue;
    const there = marked.get(call.name) ?? 0;
    if (there !== 0 && there !== call.size)
      broken.push(`${call.name} is torn: ${there} of ${call.size} objects`);
    if (call.outcome === 'acknowledged' && there === 0)
      broken.push(`${call.name} was acknowledged and is lost`);
    if (call.outcome === 'refused' && there > 0) broken.push(`${call.name} was refused and is there`);
  }
  broken.push(...brokenGroups(calls, opportunities), ...brokenJournal(byId, journal));
  return broken;
}

function brokenGroups(calls: readonly CallRecord[], opportunities: StoreContents['opportunities']): string[] {
  const broken: string[] = [];
  const groups = new Map<string, { keys: string[]; marks: Set<string> }>();
  for (const { values } of opportunities) {
    const key = values.get(KEY_FIELD);
    if (key === undefined) continue;
    const name = String(key).split(':')[0] ?? '';
    const group = groups.get(name) ?? { keys: [], marks: new Set() };
    group.keys.push(String(key));
    group.marks.add(String(values.get(MARK_FIELD)));
    groups.set(name, group);
  }
  for (const [name, { keys, marks }] of groups) {
    if (new Set(keys).size !== keys.length) broken.push(`group ${name} has a key with two objects`);
    if (marks.size !== 1) broken.push(`group ${name} is torn between ${[...marks].join(' and ')}`);
    const [mark] = marks;
    const last = calls.find((call) => call.name === mark);
    if (last === undefined) broken.push(`group ${name} holds ${mark}, which no call wrote`);
    else if (last.outcome === 'refused') broken.push(`${last.name} was refused and is there`);
    for (const call of calls) {
      if (call.kind !== 'upsert' || `g${call.group}` !== name || call.outcome !== 'acknowledged') continue;
      if (last !== undefined && call.began > last.ended)
        broken.push(`${call.name} was acknowledged after ${last.name}, which is what is there`);
    }
  }
  const written = calls.filter((call) => call.kind === 'upsert' && call.outcome === 'acknowledged');
  for (const { name, group } of written) {
    if (!groups.has(`g${group}`)) broken.push(`${name} was acknowledged and group ${group} is not there`);
  }
  return broken;
}

/** The journal names exactly the objects that are there as created, each once: nothing is deleted in this test. */
function brokenJournal(byId: ReadonlyMap<number, unknown>, journal: readonly KeptJournalEntry[]): string[] {
  const created = journal.flatMap(({ rows }) => rows).filter(({ status }) => status === 'CREATED');
  const ids = created.map(({ id }) => id);
  const broken: string[] = [];
  if (new Set(ids).size !== ids.length) broken.push('the journal has an object created twice');
  if (ids.length !== byId.size)
    broken.push(`the journal has ${ids.length} objects created, the store ${byId.size}`);
  for (const id of ids)
    if (id === null || !byId.has(id)) broken.push(`the journal has object ${id}, the store not`);
  return broken;
}
