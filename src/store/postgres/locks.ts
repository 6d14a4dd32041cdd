import { declarationOf, type RecordType, recordTypes } from '../../records/all.ts';
import type { AnyRecordChange, Changes, Wanted, WantedKey } from '../../rules/facts.ts';
import { foldName } from '../../rules/schema.ts';
import { keyChange } from '../keys.ts';
import type { Definitions } from './schema.ts';
import { json, type Row, unpackText } from './sql.ts';

/**
 * What a call locks until it ends, by name: `Opportunity/7` an object, `key/…` a key, `roles/7` the roles of an
 * opportunity. A name is locked through one of the rows of `call_lock`, so there is no limit to how many a call may
 * hold; names that share a row wait for each other needlessly, and seldom.
 */
export interface Lock {
  readonly name: string;
  /** False: shared with other calls that only read. */
  readonly exclusive: boolean;
}

/** Locks by name, each in the strongest mode that was added. */
export class LockSet {
  readonly #modes = new Map<string, boolean>();

  constructor(locks: Iterable<Lock> = []) {
    this.addAll(locks);
  }

  get size(): number {
    return this.#modes.size;
  }

  add({ name, exclusive }: Lock): void {
    if (exclusive || !this.#modes.has(name)) this.#modes.set(name, exclusive);
  }

  addAll(locks: Iterable<Lock>): void {
    for (const lock of locks) this.add(lock);
  }

  /** Tells whether it is among them, in this mode or a stronger one. */
  has({ name, exclusive }: Lock): boolean {
    const mode = this.#modes.get(name);
    return mode !== undefined && (mode || !exclusive);
  }

  *[Symbol.iterator](): IterableIterator<Lock> {
    for (const [name, exclusive] of this.#modes) yield { name, exclusive };
  }
}

/** How many rows `call_lock` has: each stands for one slot of the names' hashes. */
const LOCK_SLOTS = 65_536;

/** A call that would hold more locks than this locks the whole database: it would take a good part of all slots. */
export const LOCKS_AT_MOST = 10_000;

/** Fills `call_lock`. It is unlogged: after a crash of the database it is empty. */
export const fillLocks = `INSERT INTO call_lock (slot) SELECT generate_series(0, ${LOCK_SLOTS - 1}) ON CONFLICT DO NOTHING`;

/** Tells whether a call that reads records of a type, or looks for their keys, locks these exclusively. */
const readsExclusively = (type: RecordType): boolean => declarationOf[type].readLock === 'exclusive';

const objectName = (type: RecordType, id: number): string => `${type}/${id}`;
const writtenObject = (type: RecordType, id: number): Lock => ({
  name: objectName(type, id),
  exclusive: true,
});
/** Returns the lock of an object that is read. */
export const readObject = (type: RecordType, id: number): Lock => ({
  name: objectName(type, id),
  exclusive: readsExclusively(type),
});
const keyName = (type: string, name: string, value: string): string => `key/${type}/${name}/${value}`;
const writtenKey = (type: string, name: string, value: string): Lock => ({
  name: keyName(type, name, value),
  exclusive: true,
});
const rolesLock = (opportunityId: number): Lock => ({ name: `roles/${opportunityId}`, exclusive: true });

/** Returns the locks of what is wanted, as far as that is known before it is loaded. */
export function wantedLocks(wanted: Wanted): Lock[] {
  return [
    ...recordTypes.flatMap((type) => Array.from(wanted.ids[type] ?? [], (id) => readObject(type, id))),
    ...wanted.keys.map(lockOfKey),
    ...wanted.roles.map(({ opportunityId }) => rolesLock(opportunityId)),
    ...(wanted.opportunityRoles ?? []).map(rolesLock),
  ];
}

const lockOfKey = ({ type, name, value }: WantedKey): Lock => ({
  name: keyName(type, name, value),
  exclusive: readsExclusively(type),
});

/**
 * Returns the locks of what is written: the objects that were there, new ones with an id that another call may have asked
 * for, their keys, and the pairs of roles.
 */
export function writtenLocks(changes: Changes, keyFields: Definitions['keyFields']): Lock[] {
  return [
    ...changes.records.flatMap((change) => recordLocks(change, keyFields)),
    ...changes.looseKeys.flatMap(({ type, id, name, value }) => [
      writtenObject(type, id),
      writtenKey(type, foldName(name), value),
    ]),
    ...(changes.removedLooseKeys ?? []).map(({ type, id }) => writtenObject(type, id)),
  ];
}

function recordLocks(change: AnyRecordChange, keyFields: Definitions['keyFields']): Lock[] {
  const { type, before, after } = change;
  const locks: Lock[] = [];
  if (before !== undefined) locks.push(writtenObject(type, before.id));
  else if (after !== undefined && declarationOf[type].ids === 'given')
    locks.push(writtenObject(type, after.id));
  const { removed, added } = keyChange(change, keyFields);
  for (const [name, value] of [...removed, ...added]) locks.push(writtenKey(type, name, value));
  if (change.type === 'OpportunityPersonRole') {
    const opportunities = [change.before, change.after].map((record) => record?.values.get('OpportunityId'));
    if (opportunities[0] !== opportunities[1] || after === undefined) {
      for (const id of opportunities) if (typeof id === 'number') locks.push(rolesLock(id));
    }
  }
  return locks;
}

/** Shared by normal calls; exclusive for calls that change definitions, or raise a counter. */
const DATABASE_LOCK = 0x6d6b746e;

export const lockDatabase = (exclusive: boolean): string =>
  `SELECT ${exclusive ? 'pg_advisory_xact_lock' : 'pg_advisory_xact_lock_shared'}(${DATABASE_LOCK})`;

/** Takes the whole database until the connection ends, if it is free; answers t or f. */
export const tryHoldDatabase = `SELECT pg_try_advisory_lock(${DATABASE_LOCK})`;

const slotOf = (name: string) => `(hashtextextended(${name}, 0) & ${LOCK_SLOTS - 1})::integer`;

/**
 * Waits for these locks one by one, in the order of their slots, which is the same for every call: so calls never wait
 * for each other in a circle. Returns how many rows `call_lock` lacks.
 */
export function waitForLocks(locks: Iterable<Lock>): string {
  const lockRow = (condition: string, mode: string) =>
    `LEFT JOIN LATERAL (SELECT slot FROM call_lock WHERE slot = asked.slot AND ${condition} FOR ${mode})`;
  return (
    `WITH asked AS MATERIALIZED (SELECT ${slotOf('name')} AS slot, bool_or(exclusive) AS exclusive ` +
    `FROM (${locksQuery(locks)}) AS locks GROUP BY 1 ORDER BY 1) ` +
    'SELECT count(*) FROM asked ' +
    `${lockRow('asked.exclusive', 'UPDATE')} AS written ON true ` +
    `${lockRow('NOT asked.exclusive', 'SHARE')} AS read ON true ` +
    'WHERE written.slot IS NULL AND read.slot IS NULL'
  );
}

/**
 * Acquires the locks that a query selects as `name` and `exclusive`, as far as they are free. Answers those acquired;
 * see `readTaken`.
 */
export function tryLocks(selectLocks: string): string {
  const take = (condition: string, mode: string) =>
    `AS MATERIALIZED (SELECT slot FROM call_lock WHERE slot IN (SELECT slot FROM asked WHERE ${condition}) ` +
    `FOR ${mode} SKIP LOCKED)`;
  return (
    `WITH asked AS MATERIALIZED (SELECT DISTINCT name, exclusive, ${slotOf('name')} AS slot ` +
    `FROM (${selectLocks}) AS locks), ` +
    `written ${take('exclusive', 'UPDATE')}, read ${take('NOT exclusive', 'SHARE')} ` +
    'SELECT name, exclusive FROM asked WHERE CASE WHEN exclusive ' +
    'THEN slot IN (SELECT slot FROM written) ELSE slot IN (SELECT slot FROM read) END'
  );
}

/** Returns the locks of an answer to `tryLocks`. */
export const readTaken = (rows: readonly Row[] = []): Lock[] =>
  rows.map(([name, exclusive]) => ({ name: unpackText(name ?? ''), exclusive: exclusive === 't' }));

/** Returns the query that selects these locks. */
export function locksQuery(locks: Iterable<Lock>): string {
  const names: Record<'true' | 'false', string[]> = { true: [], false: [] };
  for (const { name, exclusive } of locks) names[`${exclusive}`].push(name);
  return Object.entries(names)
    .filter(([, some]) => some.length > 0)
    .map(
      ([mode, some]) =>
        `SELECT name, ${mode} AS exclusive FROM json_array_elements_text(${json(some)}) AS name`,
    )
    .join(' UNION ALL ');
}

/** Returns the query that selects the locks of objects that are read. `ids`: the query that selects their ids. */
export const foundLocksQuery = (type: RecordType, ids: string): string =>
  `SELECT '${type}/' || id AS name, ${readsExclusively(type)} AS exclusive FROM (${ids}) AS ids(id)`;
