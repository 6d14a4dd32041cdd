import type { KeptJournalEntry, StoreContents } from '../../src/store/store.ts';

/** The custom field that groups are found by, and the field in which each call leaves its name. */
export const KEY_FIELD = 'groupKey';
export const MARK_FIELD = 'NextStep';
/** The field in which each call leaves its name in leads. */
export const LEAD_MARK_FIELD = 'Department';

/** One call that a client made: an INSERT of new objects, or an UPSERT of all keys of a group, of objects or leads. */
export interface CallRecord {
  readonly name: string;
  readonly kind: 'insert' | 'upsert' | 'leads';
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

/** An object or lead. `key`: its external key, or a lead's address. */
interface Stored {
  readonly name: string;
  readonly key: string | undefined;
  readonly mark: string;
}

const storedIn = ({ opportunities, leads }: Pick<StoreContents, 'opportunities' | 'leads'>): Stored[] => [
  ...opportunities.map(({ id, values }) => ({
    name: `Opportunity ${id}`,
    key: values.get(KEY_FIELD)?.toString(),
    mark: String(values.get(MARK_FIELD)),
  })),
  ...leads.map(({ id, email, values }) => ({
    name: `Lead ${id}`,
    key: String(email),
    mark: String(values.get(LEAD_MARK_FIELD)),
  })),
];

/** The name of the group of a call, with which its keys begin. */
const groupOf = ({ kind, group }: Pick<CallRecord, 'kind' | 'group'>) =>
  `${kind === 'leads' ? 'l' : 'g'}${group}`;

/** The keys that a call writes as a whole. */
export const keysOf = (call: CallRecord): string[] =>
  Array.from({ length: call.size }, (_, index) => `${groupOf(call)}:${index}`);

/**
 * Holds what the store has against what the clients saw. Empty: every promise was kept. Otherwise a line for each
 * broken one: acknowledged is there, refused is not, a call is whole, no key has two objects, no acknowledged update
 * is lost, ids are given once, the journal agrees.
 */
export function brokenPromises(
  calls: readonly CallRecord[],
  contents: Pick<StoreContents, 'opportunities' | 'leads'>,
  journal: readonly KeptJournalEntry[],
): string[] {
  const broken: string[] = [];
  const all = storedIn(contents);
  const names = new Set(all.map(({ name }) => name));
  const marked = new Map<string, number>();
  for (const { key, mark } of all) {
    if (key !== undefined) continue;
    marked.set(mark, (marked.get(mark) ?? 0) + 1);
  }

  const given = new Map<string, string>();
  for (const call of calls) {
    for (const id of call.created) {
      const name = `${call.kind === 'leads' ? 'Lead' : 'Opportunity'} ${id}`;
      const other = given.get(name);
      if (other !== undefined) broken.push(`id ${id} was given to ${other} and to ${call.name}`);
      given.set(name, call.name);
      if (!names.has(name)) broken.push(`${call.name} was acknowledged with id ${id}, which is not there`);
    }
    if (call.kind !== 'insert') continue;
    const there = marked.get(call.name) ?? 0;
    if (there !== 0 && there !== call.size)
      broken.push(`${call.name} is torn: ${there} of ${call.size} objects`);
    if (call.outcome === 'acknowledged' && there === 0)
      broken.push(`${call.name} was acknowledged and is lost`);
    if (call.outcome === 'refused' && there > 0) broken.push(`${call.name} was refused and is there`);
  }
  broken.push(...brokenGroups(calls, all), ...brokenJournal(names, journal));
  return broken;
}

function brokenGroups(calls: readonly CallRecord[], all: readonly Stored[]): string[] {
  const broken: string[] = [];
  const groups = new Map<string, { keys: string[]; marks: Set<string> }>();
  for (const { key, mark } of all) {
    if (key === undefined) continue;
    const name = key.split(':')[0] ?? '';
    const group = groups.get(name) ?? { keys: [], marks: new Set() };
    group.keys.push(key);
    group.marks.add(mark);
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
      if (call.kind === 'insert' || groupOf(call) !== name || call.outcome !== 'acknowledged') continue;
      if (last !== undefined && call.began > last.ended)
        broken.push(`${call.name} was acknowledged after ${last.name}, which is what is there`);
    }
  }
  const written = calls.filter((call) => call.kind !== 'insert' && call.outcome === 'acknowledged');
  for (const call of written) {
    const group = groupOf(call);
    if (!groups.has(group)) broken.push(`${call.name} was acknowledged and group ${group} is not there`);
  }
  return broken;
}

/** The journal names exactly the objects that are there as created, each once: nothing is deleted in this test. */
function brokenJournal(names: ReadonlySet<string>, journal: readonly KeptJournalEntry[]): string[] {
  const created = journal.flatMap(({ rows }) => rows).filter(({ status }) => status === 'CREATED');
  const ids = created.map(({ type, id }) => `${type} ${id}`);
  const broken: string[] = [];
  if (new Set(ids).size !== ids.length) broken.push('the journal has an object created twice');
  if (ids.length !== names.size)
    broken.push(`the journal has ${ids.length} objects created, the store ${names.size}`);
  for (const id of ids) if (!names.has(id)) broken.push(`the journal has ${id}, the store not`);
  return broken;
}
