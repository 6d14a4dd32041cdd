import { storedTypes } from '../../contract/fields.ts';
import {
  byCounter,
  type CountedType,
  countedTypes,
  counters,
  emptyRecordMaps,
  type RecordMaps,
  type Records,
  type RecordType,
  recordTypes,
} from '../../records/all.ts';
import {
  type Facts,
  type LooseKey,
  rolesIdentity,
  type Wanted,
  type WantedRoles,
} from '../../rules/facts.ts';
import type { Schema } from '../../rules/schema.ts';
import { KeyHolderTable } from '../key-holders.ts';
import { holdersQuery, looseQuery, readLoose } from './keys.ts';
import { foundLocksQuery, type Lock, LockSet, readObject, readTaken, tryLocks } from './locks.ts';
import { recordQuery } from './records.ts';
import { idArray, json, type Row } from './sql.ts';

/** The sequence of each counter. */
export const sequences = Object.fromEntries(
  counters.map(({ counter, table }) => [counter, `${table}_id`]),
) as Readonly<Record<CountedType, string>>;

/** The facts of one transaction. */
export interface Loading {
  readonly facts: Facts & { readonly newIds: Record<CountedType, number[]> };
  /** The locks of the loaded objects. */
  readonly objects: LockSet;
  /**
   * Returns the statements that load data, and a function that adds their answers to the facts. With `locking`, the
   * statements also try to lock the objects found by key or pair; `take` returns the acquired locks.
   */
  load(wanted: Wanted, locking: boolean): { statements: string[]; take(answers: Row[][]): readonly Lock[] };
}

type Take = (answers: Row[][]) => void;

/** Starts the facts of a transaction with these definitions. */
export function beginLoading(schema: Schema): Loading {
  const records = emptyRecordMaps();
  const keys = new KeyHolderTable();
  const roles = new Map<string, readonly number[]>();
  const opportunityRoles = new Map<number, readonly number[]>();
  const newIds = byCounter((): number[] => []);
  const facts: Loading['facts'] & { looseKeys?: readonly LooseKey[] } = {
    records,
    keys,
    roles,
    opportunityRoles,
    newIds,
    schema,
  };
  const objects = new LockSet();

  /** Keeps the record of the first round if a later one loads it again: it is locked since then. */
  function add<Type extends RecordType>(type: Type, found: readonly Records[Type][]): void {
    const into: Map<number, Records[Type] | null> = records[type];
    for (const record of found) {
      if (!into.get(record.id)) into.set(record.id, record);
      objects.add(readObject(type, record.id));
    }
  }

  return {
    facts,
    objects,
    load(wanted, locking) {
      keys.nextRound();
      const statements: string[] = [];
      const takes: Take[] = [];
      const ask = (some: readonly string[], take: Take) => {
        const at = statements.length;
        statements.push(...some);
        takes.push((answers) => take(answers.slice(at, at + some.length)));
      };
      const sources = idSources(wanted);
      let taken: readonly Lock[] = [];
      if (locking && sources.found.length > 0) {
        const locks = sources.found.map(({ type, query }) => foundLocksQuery(type, query));
        ask([tryLocks(locks.join(' UNION ALL '))], ([rows]) => {
          taken = readTaken(rows);
        });
      }
      askKeys(wanted, ask, keys);
      askRoles(wanted, ask, roles);
      askOpportunityRoles(wanted, ask, opportunityRoles);
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
  /** Queries for ids found by key or pair. */
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
  for (const query of rolesQueries(wanted)) {
    found.push({ type: 'OpportunityPersonRole', query: `SELECT id FROM (${query}) AS pairs` });
  }
  if (wanted.opportunityRoles?.length) {
    found.push({
      type: 'OpportunityPersonRole',
      query: `SELECT id FROM opportunity_person_role WHERE opportunity_id = ANY (${idArray(wanted.opportunityRoles)})`,
    });
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

/** Select `key` (the position in the list) and `id`: the newest roles of pairs, and of pairs and a role. */
function rolesQueries({ roles, depth }: Wanted): string[] {
  const asked = roles.map(({ opportunityId, personId, role }, key) => ({
    key,
    opportunity: opportunityId,
    person: personId,
    role,
  }));
  const query = (some: readonly object[], condition: string) =>
    `SELECT asked.key, held.id FROM json_to_recordset(${json(some)}) ` +
    'AS asked(key integer, opportunity bigint, person bigint, role text) ' +
    'CROSS JOIN LATERAL (SELECT r.id FROM opportunity_person_role AS r ' +
    `WHERE r.opportunity_id = asked.opportunity AND r.person_id = asked.person${condition} ` +
    `ORDER BY r.id DESC LIMIT ${depth}) AS held`;
  const ofPair = asked.filter(({ role }) => role === undefined);
  const ofRole = asked.filter(({ role }) => role !== undefined);
  return [
    ...(ofPair.length === 0 ? [] : [query(ofPair, '')]),
    ...(ofRole.length === 0 ? [] : [query(ofRole, ' AND r.role IS NOT DISTINCT FROM asked.role')]),
  ];
}

function askRoles(wanted: Wanted, ask: Ask, roles: Map<string, readonly number[]>): void {
  const queries = rolesQueries(wanted);
  if (queries.length === 0) return;
  ask(
    [`SELECT key, id FROM (${queries.join(' UNION ALL ')}) AS pairs ORDER BY key, id DESC`],
    ([rows = []]) => {
      const found = Map.groupBy(rows, ([key]) => Number(key));
      for (const [index, pair] of wanted.roles.entries()) {
        roles.set(
          rolesIdentity(pair satisfies WantedRoles),
          (found.get(index) ?? []).map(([, id]) => Number(id)),
        );
      }
    },
  );
}

function askOpportunityRoles(wanted: Wanted, ask: Ask, into: Map<number, readonly number[]>): void {
  const asked = wanted.opportunityRoles ?? [];
  if (asked.length === 0) return;
  const select =
    'SELECT opportunity_id, id FROM opportunity_person_role ' +
    `WHERE opportunity_id = ANY (${idArray(asked)}) ORDER BY id`;
  ask([select], ([rows = []]) => {
    const found = Map.groupBy(rows, ([opportunity]) => Number(opportunity));
    for (const opportunity of asked) {
      into.set(
        opportunity,
        (found.get(opportunity) ?? []).map(([, id]) => Number(id)),
      );
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
  add: (type: Type, found: readonly Records[Type][]) => void,
): void {
  const all = wanted.all?.includes(type) ?? false;
  const queries = idQueries(type, { given, found });
  if (!all && queries.length === 0) return;
  const query = all ? recordQuery(type) : recordQuery(type, queries.join(' UNION '), wanted.costs);
  ask(query.statements, (answers) => {
    add(type, query.read(answers));
    const into: Map<number, Records[Type] | null> = records[type];
    for (const id of given[type]) if (!into.has(id)) into.set(id, null);
  });
}

/** Asks for the next ids, a guess until they are allocated. */
function askNewIds(wanted: Wanted, ask: Ask, newIds: Record<CountedType, number[]>): void {
  for (const type of countedTypes) {
    const count = wanted.newIds[type] ?? 0;
    if (count <= newIds[type].length) continue;
    ask([`SELECT last_value, is_called FROM ${sequences[type]}`], ([rows = []]) => {
      const [last, isCalled] = rows[0] ?? [];
      const from = Math.max(Number(last) + (isCalled === 't' ? 1 : 0), (newIds[type].at(-1) ?? 0) + 1);
      const more = Array.from({ length: count - newIds[type].length }, (_, index) => from + index);
      newIds[type].push(...more);
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
