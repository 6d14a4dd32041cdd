import { storedTypes } from '../../contract/fields.ts';
import {
  type CountedType,
  countedTypes,
  counters,
  emptyRecordMaps,
  type NewIds,
  noNewIds,
  ownRecordMap,
  type RecordMaps,
  type Records,
  type RecordType,
  recordTypes,
} from '../../records/all.ts';
import type { Facts, LooseKey, Wanted } from '../../rules/facts.ts';
import type { Schema } from '../../rules/schema.ts';
import { KeyHolderTable } from '../key-holders.ts';
import { distinctLookups, LookupTable } from '../lookup-table.ts';
import { holdersQuery, looseQuery, readLoose } from './keys.ts';
import { foundLocksQuery, type Lock, LockSet, readObject, readTaken, tryLocks } from './locks.ts';
import { foundQuery, lookupQueries } from './lookups.ts';
import { recordQuery } from './records.ts';
import { idArray, type Row } from './sql.ts';

/** The sequence of each counter. */
export const sequences = Object.fromEntries(
  counters.map(({ counter, table }) => [counter, `${table}_id`]),
) as Readonly<Record<CountedType, string>>;

/** The facts of one transaction. */
export interface Loading {
  readonly facts: Facts & { readonly newIds: NewIds };
  /** The locks of the loaded objects. */
  readonly objects: LockSet;
  /**
   * Returns the statements that load data, and a function that adds their answers to the facts. With `locking`, the
   * statements also try to lock the objects found by key or lookup; `take` returns the acquired locks.
   */
  load(wanted: Wanted, locking: boolean): { statements: string[]; take(answers: Row[][]): readonly Lock[] };
}

type Take = (answers: Row[][]) => void;

/** Starts the facts of a transaction with these definitions. */
export function beginLoading(schema: Schema): Loading {
  const records = emptyRecordMaps();
  const keys = new KeyHolderTable();
  const lookups = new LookupTable();
  const newIds = noNewIds();
  const facts: Loading['facts'] & { looseKeys?: readonly LooseKey[] } = {
    records,
    keys,
    lookups,
    newIds,
    schema,
  };
  const objects = new LockSet();

  /** Keeps the record of the first round if a later one loads it again: it is locked since then. */
  function add<Type extends RecordType>(
    type: Type,
    found: readonly Records[Type][],
    isWritten: boolean,
  ): void {
    const into = ownRecordMap(records, type);
    for (const record of found) {
      if (!into.get(record.id)) into.set(record.id, record);
      objects.add(readObject(type, record.id, isWritten));
    }
  }

  return {
    facts,
    objects,
    load(all, locking) {
      const wanted = all.lookups === undefined ? all : { ...all, lookups: distinctLookups(all.lookups) };
      keys.nextRound();
      const statements: string[] = [];
      const takes: Take[] = [];
      const ask = (some: readonly string[], take: Take) => {
        const at = statements.length;
        statements.push(...some);
        takes.push((answers) => take(answers.slice(at, at + some.length)));
      };
      const sources = idSources(wanted);
      const locked = new Set(wanted.writes);
      let taken: readonly Lock[] = [];
      if (locking && sources.found.length > 0) {
        const locks = sources.found.map(({ type, query }) => foundLocksQuery(type, query, locked.has(type)));
        ask([tryLocks(locks.join(' UNION ALL '))], ([rows]) => {
          taken = readTaken(rows);
        });
      }
      askKeys(wanted, ask, keys);
      askLookups(wanted, ask, lookups);
      for (const type of recordTypes) askRecords(type, wanted, sources, ask, records, add);
      askNewIds(wanted, ask, newIds);
      if (wanted.looseKeys)
        askLoose(wanted, sources, ask, records, (loose) => Object.assign(facts, { looseKeys: loose }));
      return {
        statements,
        take(answers) {
          for (const take of takes) take(answers);
          return taken;
        },
      };
    },
  };
}

type Ask = (statements: readonly string[], take: Take) => void;

interface IdSources {
  readonly given: Readonly<Record<RecordType, Set<number>>>;
  /** Queries for ids found by key or lookup. */
  readonly found: readonly { readonly type: RecordType; readonly query: string }[];
}

function idSources(wanted: Wanted): IdSources {
  const given = Object.fromEntries(
    recordTypes.map((type) => [type, new Set(wanted.ids[type] ?? [])]),
  ) as Record<RecordType, Set<number>>;
  const byType = Map.groupBy(wanted.keys, ({ type }) => type);
  const found: { type: RecordType; query: string }[] = Array.from(byType, ([type, keys]) => ({
    type,
    query: `SELECT object_id FROM (${holdersQuery(keys, wanted.depth)}) AS holders`,
  }));
  for (const { type, query } of lookupQueries(wanted.lookups ?? [], wanted.depth)) {
    found.push({ type, query: `SELECT id FROM (${query}) AS found` });
  }
  return { given, found };
}

function askKeys(wanted: Wanted, ask: Ask, keys: KeyHolderTable): void {
  if (wanted.keys.length === 0) return;
  ask([`${holdersQuery(wanted.keys, wanted.depth)} ORDER BY 1, 3 DESC`], ([rows = []]) => {
    const holders = Map.groupBy(rows, ([key]) => Number(key));
    for (const [index, key] of wanted.keys.entries()) {
      const ids = (holders.get(index) ?? []).map(([, , id]) => Number(id));
      keys.set(key, ids, ids.length >= wanted.depth);
    }
  });
}

function askLookups(wanted: Wanted, ask: Ask, lookups: LookupTable): void {
  const asked = wanted.lookups ?? [];
  if (asked.length === 0) return;
  ask([foundQuery(asked, wanted.depth)], ([rows = []]) => {
    const found = Map.groupBy(rows, ([key]) => Number(key));
    for (const [index, lookup] of asked.entries()) {
      const ids = (found.get(index) ?? []).map(([, id]) => Number(id));
      lookups.set(lookup, ids, wanted.depth);
    }
  });
}

/** Queries for the ids of the objects of a type to load now. */
function idQueries(type: RecordType, { given, found }: IdSources): string[] {
  const queries = found.filter((source) => source.type === type).map(({ query }) => query);
  return given[type].size > 0 ? [`SELECT unnest(${idArray(given[type])})`, ...queries] : queries;
}

function askRecords<Type extends RecordType>(
  type: Type,
  wanted: Wanted,
  { given, found }: IdSources,
  ask: Ask,
  records: RecordMaps,
  add: (type: Type, found: readonly Records[Type][], isWritten: boolean) => void,
): void {
  const all = wanted.all?.includes(type) ?? false;
  const queries = idQueries(type, { given, found });
  if (!all && queries.length === 0) return;
  const query = all ? recordQuery(type) : recordQuery(type, queries.join(' UNION '), wanted.costs);
  ask(query.statements, (answers) => {
    add(type, query.read(answers), wanted.writes?.includes(type) ?? false);
    const into = ownRecordMap(records, type);
    for (const id of given[type]) if (!into.has(id)) into.set(id, null);
  });
}

/** Asks for the next ids, a guess until they are allocated. */
function askNewIds(wanted: Wanted, ask: Ask, newIds: NewIds): void {
  for (const type of countedTypes) {
    const count = wanted.newIds[type] ?? 0;
    if (count <= newIds[type].length) continue;
    ask([`SELECT last_value, is_called FROM ${sequences[type]}`], ([rows = []]) => {
      const [last, isCalled] = rows[0] ?? [];
      const from = Math.max(Number(last) + (isCalled === 't' ? 1 : 0), (newIds[type].at(-1) ?? 0) + 1);
      const more = Array.from({ length: count - newIds[type].length }, (_, index) => from + index);
      newIds[type] = [...newIds[type], ...more];
    });
  }
}

function askLoose(
  wanted: Wanted,
  sources: IdSources,
  ask: Ask,
  records: RecordMaps,
  set: (loose: readonly LooseKey[]) => void,
): void {
  const queries = storedTypes.map((type) => {
    if (wanted.all?.includes(type)) return looseQuery(type);
    const known = `SELECT unnest(${idArray(records[type].keys())})`;
    return looseQuery(type, [known, ...idQueries(type, sources)].join(' UNION '));
  });
  ask(queries, (answers) => set(answers.flatMap(readLoose)));
}
