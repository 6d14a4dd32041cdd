import {
  byCounter,
  type CountedType,
  countedTypes,
  declarationOf,
  type RecordType,
} from '../../records/all.ts';
import type { Changes, Decision, Facts, JournalEntry, Wanted } from '../../rules/facts.ts';
import { isRead } from '../is-read.ts';
import { cappedEntry } from '../journal-caps.ts';
import { unindexedFields } from '../keys.ts';
import { type Journal, StoreError } from '../store.ts';
import { journalStatement } from './journal.ts';
import { indexField } from './keys.ts';
import { beginLoading, type Loading, sequences } from './load.ts';
import {
  fillLocks,
  LOCKS_AT_MOST,
  type Lock,
  LockSet,
  lockDatabase,
  lockIdOrder,
  locksQuery,
  readTaken,
  tryLocks,
  waitForLocks,
  wantedLocks,
  writtenLocks,
} from './locks.ts';
import { type DefinitionCache, type Definitions, definesAnything, selectVersion } from './schema.ts';
import { CallerError, type Guard, RetryTransaction, type Transaction } from './transaction.ts';
import { raiseStatements, usedIds, writeStatements } from './write.ts';

/** A decision that asks for more data this many times never ends. */
const ROUNDS_AT_MOST = 10;

/** The knowledge gained by the attempts of one call. Each new attempt starts with all of it. */
interface AttemptNeeds {
  /** Acquired together before loading, in one global order, to avoid deadlocks. */
  readonly locks: LockSet;
  /** The types that the call writes (`Wanted.writes`). */
  readonly writes: ReadonlySet<RecordType>;
  /** The call needs the exclusive database lock. */
  exclusive: boolean;
  /** The lock table is incomplete and must be filled. */
  lockTable: boolean;
}

/** Implements `Store.apply`. */
export function applier(guard: Guard, cache: DefinitionCache, note: Journal['note']) {
  return async <Answer>(wanted: Wanted, decide: (facts: Facts) => Decision<Answer>): Promise<Answer> => {
    const locks = new LockSet(wantedLocks(wanted));
    const needs: AttemptNeeds = {
      locks,
      writes: new Set(wanted.writes),
      exclusive: (wanted.all !== undefined && wanted.all.length > 0) || locks.size > LOCKS_AT_MOST,
      lockTable: false,
    };
    const { answer, noted } = await guard.write((transaction) =>
      attempt(transaction, cache, needs, wanted, decide),
    );
    if (noted !== null) note(noted);
    return answer;
  };
}

interface Applied<Answer> {
  readonly answer: Answer;
  /** The journal entry of a call that changed nothing; written later. */
  readonly noted: JournalEntry | null;
}

async function attempt<Answer>(
  transaction: Transaction,
  cache: DefinitionCache,
  needs: AttemptNeeds,
  wanted: Wanted,
  decide: (facts: Facts) => Decision<Answer>,
): Promise<Applied<Answer>> {
  const begun = await begin(transaction, cache, needs, wanted);
  const { loading, held } = begun;
  let { definitions } = begun;
  const allocated = byCounter(() => 0);
  for (let round = 1; round <= ROUNDS_AT_MOST; ) {
    const decision = ask(decide, loading.facts);
    if ('more' in decision) {
      definitions = await ensureIndexed(transaction, cache, needs, definitions, decision.more);
      await loadMore(transaction, needs, loading, held, decision.more);
      round += 1;
      continue;
    }
    const { changes, journal, answer } = decision;
    if (!(await lockAndAllocate(transaction, definitions, needs, loading, held, allocated, changes)))
      continue;
    const isQuiet = isRead(changes, journal);
    await transaction.commit(
      ...writeStatements(changes, definitions),
      ...(needs.exclusive ? raiseStatements(changes) : []),
      ...(journal === null || isQuiet ? [] : [journalStatement([cappedEntry(journal)])]),
    );
    return { answer, noted: isQuiet ? journal : null };
  }
  throw new StoreError(
    `A decision wanted to know more for the ${ROUNDS_AT_MOST}th time; nothing was applied`,
  );
}

interface Begun {
  readonly definitions: Definitions;
  readonly loading: Loading;
  /** The locks that this transaction holds. */
  readonly held: LockSet;
}

/** Acquires locks and loads the data. One round trip, if the cached definitions are still current. */
async function begin(
  transaction: Transaction,
  cache: DefinitionCache,
  needs: AttemptNeeds,
  wanted: Wanted,
): Promise<Begun> {
  const first = [lockDatabase(needs.exclusive)];
  if (needs.lockTable) first.push(fillLocks);
  const known = cache.last();
  if (known === undefined || needs.exclusive) {
    const answers = await transaction.run(...first, selectVersion);
    first.length = 0;
    const version = answers.at(-1)?.[0]?.[0];
    const committed = await cache.of(version, transaction.run, true);
    const definitions = await ensureIndexed(transaction, cache, needs, committed, wanted);
    return { definitions, ...(await lockAndLoad(transaction, first, definitions, needs, wanted)) };
  }
  if (unindexedFields(wanted.keys, known).length > 0) throw retryExclusive(needs);
  return { definitions: known, ...(await lockAndLoad(transaction, first, known, needs, wanted, cache)) };
}

/**
 * Acquires locks and loads the data in one round trip. `cache`: the definitions come from it; if they are outdated,
 * the transaction is retried with current ones.
 */
async function lockAndLoad(
  transaction: Transaction,
  first: readonly string[],
  definitions: Definitions,
  needs: AttemptNeeds,
  wanted: Wanted,
  cache?: DefinitionCache,
): Promise<Omit<Begun, 'definitions'>> {
  const locking = !needs.exclusive;
  const loading = beginLoading(definitions.schema);
  const { statements, take } = loading.load(wanted, locking);
  const waiting = locking && needs.locks.size > 0 ? [waitForLocks(needs.locks)] : [];
  const before = [...first, selectVersion, ...waiting];
  const answers = await transaction.run(...before, ...statements);
  const version = answers[first.length]?.[0]?.[0];
  if (cache !== undefined && version !== definitions.version) {
    await cache.of(version, transaction.run, true);
    throw new RetryTransaction();
  }
  if (waiting.length > 0 && Number(answers[first.length + 1]?.[0]?.[0]) > 0) {
    needs.lockTable = true;
    throw new RetryTransaction();
  }
  const held = new LockSet(needs.locks);
  held.addAll(take(answers.slice(before.length)));
  if (locking) assertHeld(loading.objects, held, needs);
  return { loading, held };
}

/** Indexes the fields whose keys are requested for the first time. */
async function ensureIndexed(
  transaction: Transaction,
  cache: DefinitionCache,
  needs: AttemptNeeds,
  definitions: Definitions,
  wanted: Wanted,
): Promise<Definitions> {
  const unindexed = unindexedFields(wanted.keys, definitions);
  if (unindexed.length === 0) return definitions;
  if (!needs.exclusive) throw retryExclusive(needs);
  for (const [type, field] of unindexed) await indexField(transaction.run, type, field);
  return cache.of(undefined, transaction.run, false);
}

async function loadMore(
  transaction: Transaction,
  needs: AttemptNeeds,
  loading: Loading,
  held: LockSet,
  more: Wanted,
): Promise<void> {
  const locking = !needs.exclusive;
  if (more.all?.length && locking) throw retryExclusive(needs);
  const lacking = locking ? lackingLocks(wantedLocks(more), held, needs) : [];
  const first = lacking.length > 0 ? [tryLocks(locksQuery(lacking))] : [];
  const { statements, take } = loading.load(more, locking);
  const answers = await transaction.run(...first, ...statements);
  if (first.length > 0) held.addAll(readTaken(answers[0]));
  held.addAll(take(answers.slice(first.length)));
  if (locking) assertHeld([...lacking, ...loading.objects], held, needs);
}

/**
 * Acquires the locks of the changed objects and allocates the new ids. Returns false if another call was given ids
 * that the decision used; it must then be repeated with other ids.
 */
async function lockAndAllocate(
  transaction: Transaction,
  definitions: Definitions,
  needs: AttemptNeeds,
  loading: Loading,
  held: LockSet,
  allocated: Record<CountedType, number>,
  changes: Changes,
): Promise<boolean> {
  const { newIds } = loading.facts;
  const { used, ownIds } = usedIds(changes, newIds);
  if (!needs.exclusive && (ownIds || definesAnything(changes))) throw retryExclusive(needs);
  const lacking = needs.exclusive
    ? []
    : lackingLocks(writtenLocks(changes, definitions.keyFields), held, needs);
  const locks = lacking.length > 0 ? [tryLocks(locksQuery(lacking))] : [];
  const counted = countedTypes.filter((type) => used[type] > allocated[type]);
  const counts = counted.map(
    (type) => `SELECT nextval('${sequences[type]}') FROM generate_series(1, ${used[type] - allocated[type]})`,
  );
  if (locks.length + counts.length === 0) return true;
  const order = counted.some((type) => inCommitOrder.has(type)) ? [lockIdOrder] : [];
  const before = [...locks, ...order];
  const answers = await transaction.run(...before, ...counts);
  if (locks.length > 0) {
    held.addAll(readTaken(answers[0]));
    // A waiting writer may starve: PostgreSQL lets new readers share a row lock that a writer waits for. The database
    // lock is granted in order of arrival.
    if (writesSharedReads(changes, needs) && lacking.some((lock) => !held.has(lock)))
      throw retryExclusive(needs);
    assertHeld(lacking, held, needs);
  }
  let stands = true;
  for (const [index, type] of counted.entries()) {
    const given = (answers[before.length + index] ?? []).map(([id]) => Number(id));
    const told = newIds[type].slice(allocated[type], used[type]);
    if (given.every((id, place) => id === told[place])) {
      allocated[type] = used[type];
      continue;
    }
    stands = false;
    const first = newIds[type].slice(0, allocated[type]);
    const from = (given.at(-1) ?? 0) + 1;
    const rest = newIds[type].length - used[type];
    newIds[type] = [...first, ...given, ...Array.from({ length: rest }, (_, place) => from + place)];
    allocated[type] = used[type];
  }
  return stands;
}

const inCommitOrder: ReadonlySet<CountedType> = new Set(
  countedTypes.filter((type) => type in declarationOf && declarationOf[type as RecordType].idsInCommitOrder),
);

/** Tells whether the changes touch records that the call, like others, locked shared when it read them. */
const writesSharedReads = ({ records }: Changes, { writes }: AttemptNeeds): boolean =>
  records.some(({ type }) => declarationOf[type].readLock === 'shared' && !writes.has(type));

function retryExclusive(needs: AttemptNeeds): RetryTransaction {
  needs.exclusive = true;
  return new RetryTransaction();
}

/** Returns the locks that are not held yet. Retries the call exclusively if they would be too many. */
function lackingLocks(locks: readonly Lock[], held: LockSet, needs: AttemptNeeds): Lock[] {
  const lacking = locks.filter((lock) => !held.has(lock));
  if (held.size + lacking.length > LOCKS_AT_MOST) throw retryExclusive(needs);
  return lacking;
}

/** Retries if a lock is missing. The next attempt starts by waiting for all locks of this one. */
function assertHeld(locks: Iterable<Lock>, held: LockSet, needs: AttemptNeeds): void {
  const lacking = [...locks].filter((lock) => !held.has(lock));
  if (lacking.length === 0) return;
  needs.locks.addAll(held);
  needs.locks.addAll(lacking);
  if (needs.locks.size > LOCKS_AT_MOST) needs.exclusive = true;
  throw new RetryTransaction();
}

/** Calls `decide` and passes its errors through the transaction unchanged. */
function ask<Answer>(decide: (facts: Facts) => Decision<Answer>, facts: Facts): Decision<Answer> {
  try {
    return decide(facts);
  } catch (error) {
    throw new CallerError(error);
  }
}
