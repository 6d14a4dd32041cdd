import type { Records, RecordType } from '../records/all.ts';
import type { Facts, WantedLookup } from '../rules/facts.ts';
import { lookup, valuesIdentity } from '../rules/lookups.ts';
import type { ApplyMode } from './apply-mode.ts';
import { programsIn } from './reading.ts';
import type { Instance } from './shape.ts';

/** The types that belong to a record, with the property that names it. */
const owned = {
  LeadForeignId: ['lead', 'leadId'],
  LeadCookie: ['lead', 'leadId'],
  LeadCrmKey: ['lead', 'leadId'],
  Activity: ['lead', 'leadId'],
  ActivityMove: ['lead', 'leadId'],
  ListMember: ['list', 'listId'],
  ListImport: ['list', 'listId'],
  CampaignRun: ['campaign', 'campaignId'],
  CustomObject: [undefined, 'typeId'],
} as const;
type OwnedType = keyof typeof owned;
/** The types whose records have names of their own. */
type NamedType = 'Workspace' | 'CustomObjectType';

/** Finds what the store has. What is not loaded yet is noted, and found once it is loaded. */
export interface StoredRecords {
  /** Returns the record that has this name, without case. */
  named<Type extends NamedType>(type: Type, name: string): Records[Type] | undefined;
  /** Returns all records that a lookup finds, oldest first. */
  all<Type extends RecordType>(type: Type, wanted: WantedLookup): readonly Records[Type][];
  /** Returns what belongs to a record, oldest first. */
  of<Type extends OwnedType>(type: Type, owner: number): readonly Records[Type][];
  /** Returns the ids of the programs of this name in the file or, unless it is exact, the store. */
  programsNamed(name: string): readonly number[];
  /** Returns the lookups that must be loaded. */
  missing(): readonly WantedLookup[];
}

export function storedRecords(facts: Facts, instance: Instance, { exact = false }: ApplyMode): StoredRecords {
  const missing = new Map<string, WantedLookup>();
  const inFile = programsIn(instance);
  const fileIds = new Set(instance.programs?.map((program) => program?.id));
  const groups = new Map<OwnedType, ReadonlyMap<number, readonly Records[OwnedType][]>>();

  function all<Type extends RecordType>(type: Type, wanted: WantedLookup): Records[Type][] {
    const complete = { ...wanted, all: true };
    const found = facts.lookups.get(complete);
    if (found === undefined) {
      missing.set(`${type} ${wanted.lookup} ${valuesIdentity(wanted.values)}`, complete);
      return [];
    }
    const records: ReadonlyMap<number, Records[Type] | null> = facts.records[type];
    return found.flatMap((id) => records.get(id) ?? []).reverse();
  }

  /** All records of a type that an exact file has loaded, by what they belong to. */
  function group<Type extends OwnedType>(type: Type): ReadonlyMap<number, readonly Records[Type][]> {
    let byOwner = groups.get(type);
    if (byOwner === undefined) {
      const records = [...facts.records[type].values()].filter((record) => record !== null);
      const ascending = (records as Records[OwnedType][]).sort((a, b) => a.id - b.id);
      byOwner = Map.groupBy(ascending, (record) => Number(Reflect.get(record, owned[type][1])));
      groups.set(type, byOwner);
    }
    return byOwner as ReadonlyMap<number, readonly Records[Type][]>;
  }

  return {
    named: (type, name) => all(type, lookup(type, 'name' as never, name)).at(-1),
    all,
    of(type, owner) {
      const [name] = owned[type];
      const isLoaded = exact && type !== 'Activity' && type !== 'ActivityMove' && type !== 'CampaignRun';
      if (isLoaded || name === undefined) return group(type).get(owner) ?? [];
      return all(type, lookup(type, name as never, owner));
    },
    programsNamed(name) {
      const named = inFile(name);
      if (exact) return named;
      const stored = all('Program', lookup('Program', 'name', name));
      return [...named, ...stored.map(({ id }) => id).filter((id) => !fileIds.has(id))];
    },
    missing: () => [...missing.values()],
  };
}
