import {
  byCounter,
  byType,
  emptyRecordMaps,
  type KeyedType,
  ownRecordMap,
  type Records,
  type RecordType,
  recordTypes,
} from '../../src/records/all.ts';
import { keyText } from '../../src/records/field-values.ts';
import type { Facts, LooseKey, Wanted, WantedKey, WantedLookup } from '../../src/rules/facts.ts';
import { declaredLookup, lookupValues, valuesIdentity } from '../../src/rules/lookups.ts';
import { catalogueOf, fieldOwners, foldName, type Schema } from '../../src/rules/schema.ts';
import { LookupTable } from '../../src/store/lookup-table.ts';

/** The objects of the reference store. A write changes a copy, which then takes its place. */
export interface ReferenceState {
  readonly records: { readonly [Type in RecordType]: Map<number, Records[Type]> };
  readonly looseKeys: Map<string, LooseKey>;
  /** The last id of each counter. */
  readonly last: Record<keyof Facts['newIds'], number>;
  schema: Schema;
}

export const emptyState = (): ReferenceState => ({
  records: byType(() => new Map()) as ReferenceState['records'],
  looseKeys: new Map(),
  last: byCounter(() => 0),
  schema: {
    tags: new Map(),
    channels: new Map(),
    fields: Object.fromEntries(
      fieldOwners.map((owner) => [owner, catalogueOf(owner, [])]),
    ) as Schema['fields'],
  },
});

export const copyOf = ({ records, looseKeys, last, schema }: ReferenceState): ReferenceState => ({
  records: Object.fromEntries(
    recordTypes.map((type) => [type, new Map<number, unknown>(records[type])]),
  ) as ReferenceState['records'],
  looseKeys: new Map(looseKeys),
  last: { ...last },
  schema,
});

export const ascending = (a: { id: number }, b: { id: number }): number => a.id - b.id;

export const looseIdentity = ({ type, id, name }: Omit<LooseKey, 'value'>): string =>
  `${type}/${String(id).padStart(10, '0')}/${foldName(name)}`;

export const sortedLooseKeys = ({ looseKeys }: ReferenceState): LooseKey[] =>
  [...looseKeys].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, key]) => key);

/** The names and values that an object is found by. */
function* keysOf(
  { records, looseKeys }: ReferenceState,
  type: KeyedType,
  id: number,
): Iterable<readonly [string, string]> {
  if (type === 'Company') yield* records.Company.get(id)?.externalKeys ?? [];
  else if (type === 'Lead') {
    const lead = records.Lead.get(id);
    for (const [name, value] of lead?.values.entries() ?? []) yield [name, keyText(value)];
    if (lead?.email != null) yield ['email', lead.email];
  } else {
    for (const [name, value] of records[type].get(id)?.values.entries() ?? []) yield [name, keyText(value)];
    for (const key of looseKeys.values()) if (key.type === type && key.id === id) yield [key.name, key.value];
  }
}

/** Returns all holders of a key, newest first: a walk over every record. */
export const holdersIn = (state: ReferenceState, { type, name, value }: WantedKey): number[] =>
  [...state.records[type].keys()]
    .filter((id) => [...keysOf(state, type, id)].some((key) => foldName(key[0]) === name && key[1] === value))
    .sort((a, b) => b - a);

/** Returns all records that a lookup finds, newest first: a walk over every record. */
const foundIn = (state: ReferenceState, { type, lookup, values }: WantedLookup): number[] => {
  const { columns } = declaredLookup(type, lookup);
  const all: Iterable<{ readonly id: number }> = state.records[type].values();
  return [...all]
    .filter((record) => valuesIdentity(lookupValues(type, columns, record)) === valuesIdentity(values))
    .map(({ id }) => id)
    .sort((a, b) => b - a);
};

/** Begins the facts of one call. */
export function loading(state: ReferenceState): { readonly facts: Facts; load(wanted: Wanted): void } {
  const keys = new Map<string, { readonly found: readonly number[]; readonly isCut: boolean }>();
  const identity = ({ type, name, value }: WantedKey) => JSON.stringify([type, name, value]);
  const facts = {
    records: emptyRecordMaps(),
    keys: {
      get: (key: WantedKey) => keys.get(identity(key))?.found,
      isCut: (key: WantedKey) => keys.get(identity(key))?.isCut ?? false,
    },
    lookups: new LookupTable(),
    newIds: byCounter((): number[] => []),
    schema: state.schema,
    looseKeys: undefined as readonly LooseKey[] | undefined,
  };
  function add(type: RecordType, ids: Iterable<number>): void {
    const into: Map<number, unknown> = ownRecordMap(facts.records, type);
    for (const id of ids) into.set(id, state.records[type].get(id) ?? null);
  }
  /** Programs with the costs that are wanted. What an earlier round loaded stays. */
  function addPrograms({ ids, costs }: Wanted): void {
    for (const id of ids.Program ?? []) {
      if (facts.records.Program.get(id)) continue;
      const found = state.records.Program.get(id);
      const some = found?.costs.filter((cost) => costs?.includes(cost.id) ?? true) ?? [];
      ownRecordMap(facts.records, 'Program').set(id, found ? { ...found, costs: some } : null);
    }
  }
  function load(wanted: Wanted): void {
    addPrograms(wanted);
    for (const type of recordTypes) if (type !== 'Program') add(type, wanted.ids[type] ?? []);
    for (const type of wanted.all ?? []) add(type, state.records[type].keys());
    for (const key of wanted.keys) {
      const found = holdersIn(state, key).slice(0, wanted.depth);
      keys.set(identity(key), { found, isCut: found.length >= wanted.depth });
      add(key.type, found);
    }
    for (const asked of wanted.lookups ?? []) {
      const found = foundIn(state, asked).slice(0, asked.all ? undefined : wanted.depth);
      facts.lookups.set(asked, found, wanted.depth);
      add(asked.type, found);
    }
    for (const counter of Object.keys(state.last) as (keyof typeof state.last)[]) {
      const length = Math.max(wanted.newIds[counter] ?? 0, facts.newIds[counter].length);
      facts.newIds[counter] = Array.from({ length }, (_, index) => state.last[counter] + 1 + index);
    }
    if (wanted.looseKeys)
      facts.looseKeys = sortedLooseKeys(state).filter(({ type, id }) => facts.records[type].get(id));
  }
  return { facts: facts as Facts, load };
}
