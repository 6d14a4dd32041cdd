import { declarationOf, type RecordType, recordTypes } from '../../records/all.ts';
import type { Lookup } from '../../records/declare.ts';
import type { AnyRecordChange, Changes, LookupValue, Wanted } from '../../rules/facts.ts';
import { declaredLookup, lookupValues, valuesIdentity } from '../../rules/lookups.ts';
import { foldName } from '../../rules/schema.ts';
import { keyChange } from '../keys.ts';
import type { Definitions } from './schema.ts';
import { json, type Row, unpackText } from './sql.ts';

/**
 * A lock that a call holds until it ends: `Opportunity/7` an object, `key/…` an external key, `lookup/…` the records
 * that a lookup finds. Its name is hashed to a row of `call_lock`, so a call may hold any number; two names with the
 * same row rarely block each other needlessly.
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

  /** Tells whether the set contains the lock, in this mode or a stronger one. */
  has({ name, exclusive }: Lock): boolean {
    const mode = this.#modes.get(name);
    return mode !== undefined && (mode || !exclusive);
  }

  *[Symbol.iterator](): IterableIterator<Lock> {
    for (const [name, exclusive] of this.#modes) yield { name, exclusive };
  }
}

/** The number of rows in `call_lock`, one for each hash slot. */
const LOCK_SLOTS = 65_536;

/**
 * The maximum number of locks of a call. Beyond it, the call locks the whole database, since it would take a large
 * part of all slots.
 */
export const LOCKS_AT_MOST = 10_000;

/** Fills `call_lock`. The table is unlogged, so it is empty after a crash of the database. */
export const fillLocks = `INSERT INTO call_lock (slot) SELECT generate_series(0, ${LOCK_SLOTS - 1}) ON CONFLICT DO NOTHING`;

/** Tells whether calls that read records of a type, or look for their keys, lock them exclusively. */
const readsExclusively = (type: RecordType): boolean => declarationOf[type].readLock === 'exclusive';

const objectName = (type: RecordType, id: number): string => `${type}/${id}`;
const writtenObject = (type: RecordType, id: number): Lock => ({
  name: objectName(type, id),
  exclusive: true,
});
/** Returns the lock of an object that is read. */
export const readObject = (type: RecordType, id: number, isWritten = false): Lock => ({
  name: objectName(type, id),
  exclusive: isWritten || readsExclusively(type),
});
const keyName = (type: string, name: string, value: string): string => `key/${type}/${name}/${value}`;
const writtenKey = (type: string, name: string, value: string): Lock => ({
  name: keyName(type, name, value),
  exclusive: true,
});
/** Returns the lock of the records that a lookup finds, and of those that it does not find; undefined: none. */
function lookupLock(
  type: RecordType,
  { columns, lock = columns }: Lookup,
  values: readonly LookupValue[],
  exclusive: boolean,
): Lock | undefined {
  if (lock.length === 0) return undefined;
  const locked = lock.map((column) => values[columns.indexOf(column)] ?? null);
  return { name: `lookup/${type}/${lock.join()}/${JSON.stringify(locked)}`, exclusive };
}

/** Returns the locks of wanted data, as far as they are known before it is loaded. */
export function wantedLocks(wanted: Wanted): Lock[] {
  const locks: Lock[] = [];
  const written = new Set(wanted.writes);
  for (const type of recordTypes) {
    for (const id of wanted.ids[type] ?? []) locks.push(readObject(type, id, written.has(type)));
  }
  for (const { type, name, value } of wanted.keys) {
    locks.push({ name: keyName(type, name, value), exclusive: written.has(type) || readsExclusively(type) });
  }
  for (const { type, lookup, values } of wanted.lookups ?? []) {
    const exclusive = written.has(type) || readsExclusively(type);
    const lock = lookupLock(type, declaredLookup(type, lookup), values, exclusive);
    if (lock !== undefined) locks.push(lock);
  }
  return locks;
}

/** Returns the locks of changes: existing objects, their keys, and the lookups that find them now or no longer. */
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
  const { removed, added } = keyChange(change, keyFields);
  for (const [name, value] of [...removed, ...added]) locks.push(writtenKey(type, name, value));
  for (const lookup of Object.values(declarationOf[type].lookups ?? {})) {
    const [was, is] = [before, after].map((record) => record && lookupValues(type, lookup.columns, record));
    if (was !== undefined && is !== undefined && valuesIdentity(was) === valuesIdentity(is)) continue;
    for (const values of [was, is]) {
      const lock = values && lookupLock(type, lookup, values, true);
      if (lock !== undefined) locks.push(lock);
    }
  }
  return locks;
}

/** Shared by normal calls; exclusive for calls that change definitions or raise a counter. */
const DATABASE_LOCK = 0x6d6b746e;

export const lockDatabase = (exclusive: boolean): string =>
  `SELECT ${exclusive ? 'pg_advisory_xact_lock' : 'pg_advisory_xact_lock_shared'}(${DATABASE_LOCK})`;

/** Held from the first id of a type with `idsInCommitOrder` until the end of the call. */
const ID_ORDER_LOCK = 0x6d6b7471;

/**
 * Locks the ids of types with `idsInCommitOrder`. Call it when all other locks are held: whoever holds this one waits for
 * no other.
 */
export const lockIdOrder = `SELECT pg_advisory_xact_lock(${ID_ORDER_LOCK})`;

/** Tries to lock the database exclusively until the connection ends. Returns t or f. */
export const tryHoldDatabase = `SELECT pg_try_advisory_lock(${DATABASE_LOCK})`;

const slotOf = (name: string) => `(hashtextextended(${name}, 0) & ${LOCK_SLOTS - 1})::integer`;

/**
 * Waits for these locks one by one in slot order, the same for every call, so that there are no deadlocks. Returns
 * the number of rows missing in `call_lock`.
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
 * Tries to acquire the locks that a query selects as `name` and `exclusive`. Returns those acquired; see `readTaken`.
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

/** Reads the acquired locks from an answer to `tryLocks`. */
export const readTaken = (rows: readonly Row[] = []): Lock[] =>
  rows.map(([name, exclusive]) => ({ name: unpackText(name ?? ''), exclusive: exclusive === 't' }));

/** Returns a query that selects these locks. */
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

/** Returns a query that selects the locks of objects to read. `ids`: the query that selects their ids. */
export const foundLocksQuery = (type: RecordType, ids: string, isWritten: boolean): string =>
  `SELECT '${type}/' || id AS name, ${isWritten || readsExclusively(type)} AS exclusive FROM (${ids}) AS ids(id)`;
