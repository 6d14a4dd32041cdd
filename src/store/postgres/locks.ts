import { isStored } from '../../contract/fields.ts';
import { type LockedType, lockedTypes } from '../../records/all.ts';
import type { AnyRecordChange, Changes, Wanted, WantedKey } from '../../rules/facts.ts';
import { foldName } from '../../rules/schema.ts';
import { keyChange } from '../keys.ts';
import type { Definitions } from './schema.ts';
import { json } from './sql.ts';

/**
 * What a call must have for itself until it ends. Everything has a name: `Opportunity/7` an object, `key/…` a key,
 * `roles/7` the roles of an opportunity. A name is locked through one of the rows of `call_lock`, so there is no limit
 * to how many a call may hold; names that share a row wait for each other needlessly, and seldom.
 *
 * Leads, companies and definitions change only in calls that have the whole database for themselves.
 */
export type LockName = string;

/** How many rows `call_lock` has: each stands for one slot of the names' hashes. */
const LOCK_SLOTS = 65_536;

/** Fills `call_lock`. It is unlogged: after a crash of the database it is empty. */
export const fillLocks = `INSERT INTO call_lock (slot) SELECT generate_series(0, ${LOCK_SLOTS - 1}) ON CONFLICT DO NOTHING`;

export const isLocked = (type: string): type is LockedType =>
  (lockedTypes as readonly string[]).includes(type);

export const objectLock = (type: LockedType, id: number): LockName => `${type}/${id}`;
const keyLock = (type: string, name: string, value: string): LockName => `key/${type}/${name}/${value}`;
const rolesLock = (opportunityId: number): LockName => `roles/${opportunityId}`;

/** The locks of what is wanted, as far as that is known before it is loaded. */
export function wantedLocks(wanted: Wanted): LockName[] {
  return [
    ...lockedTypes.flatMap((type) => Array.from(wanted.ids[type] ?? [], (id) => objectLock(type, id))),
    ...wanted.keys.filter(({ type }) => isStored(type)).map(lockOfKey),
    ...wanted.roles.map(({ opportunityId }) => rolesLock(opportunityId)),
    ...(wanted.opportunityRoles ?? []).map(rolesLock),
  ];
}

const lockOfKey = ({ type, name, value }: WantedKey): LockName => keyLock(type, name, value);

/** The locks of what is written: the objects that were there, their keys, and the pairs of roles. */
export function writtenLocks(changes: Changes, keyFields: Definitions['keyFields']): LockName[] {
  return [
    ...changes.records.flatMap((change) => recordLocks(change, keyFields)),
    ...changes.looseKeys.flatMap(({ type, id, name, value }) => [
      objectLock(type, id),
      keyLock(type, foldName(name), value),
    ]),
    ...(changes.removedLooseKeys ?? []).map(({ type, id }) => objectLock(type, id)),
  ];
}

function recordLocks(change: AnyRecordChange, keyFields: Definitions['keyFields']): LockName[] {
  const { type, before, after } = change;
  if (!isLocked(type)) return [];
  const locks = before === undefined ? [] : [objectLock(type, before.id)];
  const { removed, added } = keyChange(change, keyFields);
  for (const [name, value] of [...removed, ...added]) locks.push(keyLock(type, name, value));
  if (change.type === 'OpportunityPersonRole') {
    const opportunities = [change.before, change.after].map((record) => record?.values.get('OpportunityId'));
    if (opportunities[0] !== opportunities[1] || after === undefined) {
      for (const id of opportunities) if (typeof id === 'number') locks.push(rolesLock(id));
    }
  }
  return locks;
}

/** The lock that every call shares, and that one has for itself which changes what all others stand on. */
const DATABASE_LOCK = 0x6d6b746e;

export const lockDatabase = (exclusive: boolean): string =>
  `SELECT ${exclusive ? 'pg_advisory_xact_lock' : 'pg_advisory_xact_lock_shared'}(${DATABASE_LOCK})`;

/** Takes the whole database until the connection ends, if it is free; answers t or f. */
export const tryHoldDatabase = `SELECT pg_try_advisory_lock(${DATABASE_LOCK})`;

const slotOf = (name: string) => `(hashtextextended(${name}, 0) & ${LOCK_SLOTS - 1})::integer`;

/** Waits for these locks, in an order that is the same for everyone. Answers how many rows lack of `call_lock`. */
export function waitForLocks(names: Iterable<LockName>): string {
  return (
    `WITH asked AS MATERIALIZED (SELECT DISTINCT ${slotOf('name')} AS slot ` +
    `FROM json_array_elements_text(${json([...names])}) AS name), ` +
    'locked AS MATERIALIZED (SELECT slot FROM call_lock WHERE slot IN (SELECT slot FROM asked) ' +
    'ORDER BY slot FOR UPDATE) ' +
    'SELECT (SELECT count(*) FROM asked) - (SELECT count(*) FROM locked)'
  );
}

/** Takes the locks whose names a query selects as `name`, as far as they are free. Answers the names of those taken. */
export function tryLocks(selectNames: string): string {
  return (
    `WITH asked AS MATERIALIZED (SELECT DISTINCT name, ${slotOf('name')} AS slot FROM (${selectNames}) AS names), ` +
    'locked AS MATERIALIZED (SELECT slot FROM call_lock WHERE slot IN (SELECT slot FROM asked) ' +
    'ORDER BY slot FOR UPDATE SKIP LOCKED) ' +
    'SELECT name FROM asked WHERE slot IN (SELECT slot FROM locked)'
  );
}

/** The query that selects these names. */
export const namesQuery = (names: Iterable<LockName>): string =>
  `SELECT name FROM json_array_elements_text(${json([...names])}) AS name`;
