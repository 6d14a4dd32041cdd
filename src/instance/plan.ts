import { MAX_ID, type StoredType } from '../contract/fields.ts';
import {
  type CostRecord,
  type MObjectRecord,
  type ProgramRecord,
  type Records,
  type RecordType,
  recordTypes,
} from '../records/all.ts';
import { areEqual } from '../records/equality.ts';
import type { AnyRecordChange, Changes, Facts, LooseKey, Wanted } from '../rules/facts.ts';
import { foldName } from '../rules/schema.ts';
import { updatedNow } from '../rules/updated-now.ts';
import { type ApplyMode, planDefinitions } from './definitions.ts';
import { type Mistake, type MistakeList, mistakeList } from './mistakes.ts';
import { type ReadCost, type ReadMObject, type ReadProgram, readRecords } from './read.ts';
import { type Counts, count, type InstanceReport, noCounts } from './report.ts';
import type { Instance } from './shape.ts';

/** Options for applying a file. `now`: UTC, `YYYY-MM-DDTHH:MM:SS.sssZ`. */
export interface PlanOptions extends ApplyMode {
  readonly now: string;
  readonly timeZone: string;
}

/** The result of planning: more records must be loaded, the file has mistakes, or these are the changes. */
export type InstancePlan =
  | { readonly more: Wanted }
  | { readonly mistakes: readonly Mistake[] }
  | { readonly changes: Changes; readonly report: InstanceReport };

const listOf = {
  Program: 'programs',
  Company: 'companies',
  Lead: 'leads',
  Opportunity: 'opportunities',
  OpportunityPersonRole: 'roles',
} as const satisfies Record<RecordType, keyof Instance>;

/** Returns the records to load first. */
export function wantedBy(instance: Instance, { exact }: ApplyMode): Wanted {
  const ids = Object.fromEntries(
    recordTypes.map((type) => [type, (instance[listOf[type]] ?? []).map(({ id }) => id)]),
  );
  const costs = (instance.programs ?? []).reduce((sum, { costs = [] }) => sum + costs.length, 0);
  return {
    ids,
    keys: [],
    roles: [],
    newIds: { Cost: costs },
    depth: 1,
    all: exact ? recordTypes : ['Program'],
    looseKeys: true,
  };
}

/** Plans the changes that a file makes to the loaded state. Pure, so it can be called several times. */
export function planInstance(instance: Instance, facts: Facts, options: PlanOptions): InstancePlan {
  const { mode, exact = false, now, timeZone } = options;
  const mistakes = mistakeList();
  const definitions = planDefinitions(instance, facts.schema, options, now, mistakes);
  const missing = { Company: new Set<number>(), Lead: new Set<number>(), Opportunity: new Set<number>() };
  const inFile = {
    Company: new Set(instance.companies?.map(({ id }) => id)),
    Lead: new Set(instance.leads?.map(({ id }) => id)),
    Opportunity: new Set(instance.opportunities?.map(({ id }) => id)),
  };
  const read = readRecords(
    instance,
    {
      schema: definitions.schema,
      timeZone,
      complete: { fields: true, tags: true, channels: true },
      exists(type, id) {
        if (inFile[type].has(id)) return true;
        if (exact) return false;
        const loaded = facts.records[type].get(id);
        if (loaded === undefined) missing[type].add(id);
        return loaded !== null;
      },
    },
    mistakes,
  );
  if (Object.values(missing).some((ids) => ids.size > 0)) {
    return { more: { ids: missing, keys: [], roles: [], newIds: {}, depth: 1 } };
  }

  const records: AnyRecordChange[] = [];
  const looseKeys: LooseKey[] = [];
  const removedLooseKeys: Omit<LooseKey, 'value'>[] = [];
  const looseOf = Map.groupBy(facts.looseKeys ?? [], ({ type, id }) => `${type} ${id}`);

  /** Plans the records of one type. `become` merges the file's record with the stored one. */
  function plan<Type extends RecordType, Read>(
    type: Type,
    list: readonly Read[],
    idOf: (item: Read) => number,
    become: (item: Read, before: Records[Type] | undefined, index: number) => Records[Type],
    besides: (item: Read) => boolean = () => false,
  ): Counts {
    const counts = noCounts();
    const named = new Set<number>();
    for (const [index, item] of list.entries()) {
      const id = idOf(item);
      named.add(id);
      const before = facts.records[type].get(id) ?? undefined;
      if (before !== undefined && mode === 'add') {
        count(counts, 'unchanged');
        continue;
      }
      const after = become(item, before, index);
      const differs = !areEqual(before, after);
      if (differs) records.push({ type, before, after } as unknown as AnyRecordChange);
      const otherwise = besides(item) || differs ? 'updated' : 'unchanged';
      count(counts, before === undefined ? 'created' : otherwise);
    }
    if (exact) {
      for (const [id, before] of facts.records[type]) {
        if (before === null || named.has(id)) continue;
        records.push({ type, before, after: undefined } as unknown as AnyRecordChange);
        count(counts, 'removed');
      }
    }
    return counts;
  }

  /** Plans the loose keys of an object and returns true if any changes. Only an exact file removes keys. */
  function planLooseKeys(type: StoredType, { id, externalKeys }: ReadMObject): boolean {
    const there = new Map(looseOf.get(`${type} ${id}`)?.map((key) => [foldName(key.name), key]));
    let changed = false;
    for (const [name, value] of externalKeys) {
      const old = there.get(foldName(name));
      there.delete(foldName(name));
      if (old?.name === name && old.value === value) continue;
      looseKeys.push({ type, id, name, value });
      changed = true;
    }
    if (!exact) return changed;
    for (const { name } of there.values()) removedLooseKeys.push({ type, id, name });
    return changed || there.size > 0;
  }

  const planMObjects = (type: StoredType, list: readonly ReadMObject[]) =>
    plan<StoredType, ReadMObject>(
      type,
      list,
      ({ id }) => id,
      (item, before) => becomeMObject(item, before, now),
      (item) => planLooseKeys(type, item),
    );

  const takeCostId = freeCostIds(instance, facts, mistakes);
  const program = (item: ReadProgram, before: ProgramRecord | undefined, index: number) => {
    checkCostOwners(item, index);
    return becomeProgram(item, before, now, takeCostId);
  };
  const programsInFile = new Set(instance.programs?.map(({ id }) => id));
  const owners = costOwners(facts);

  /** Reports costs that belong to another program, if the file leaves that program as it is. */
  function checkCostOwners({ item }: ReadProgram, index: number): void {
    for (const [place, { id }] of (item.costs ?? []).entries()) {
      const owner = id === undefined ? undefined : owners.get(id);
      if (owner === undefined || owner === item.id) continue;
      const stays = mode === 'add' || (!exact && !programsInFile.has(owner));
      if (!stays) continue;
      mistakes.add(
        `$.programs[${index}].costs[${place}].id`,
        `cost ${id} belongs to program ${owner} in the store`,
      );
    }
  }

  const report: InstanceReport = {
    ...definitions.counts,
    programs: plan('Program', read.programs, ({ item }) => item.id, program),
    companies: plan(
      'Company',
      read.companies,
      ({ id }) => id,
      (company) => company,
    ),
    leads: plan(
      'Lead',
      read.leads,
      ({ id }) => id,
      (lead) => lead,
    ),
    opportunities: planMObjects('Opportunity', read.opportunities),
    roles: planMObjects('OpportunityPersonRole', read.roles),
  };
  if (mistakes.all.length > 0) return { mistakes: mistakes.all };
  return { changes: { records, looseKeys, removedLooseKeys, ...definitions.changes }, report };
}

/** Keeps the times of a record unless the file gives others; a changed record is updated now. */
function withTimes<Type extends StoredType | 'Program'>(
  content: Omit<Records[Type], 'createdAt' | 'updatedAt'>,
  given: { readonly createdAt: string | undefined; readonly updatedAt: string | undefined },
  before: Records[Type] | undefined,
  now: string,
): Records[Type] {
  const createdAt = given.createdAt ?? before?.createdAt ?? earlier(given.updatedAt ?? now, now);
  const updatedAt = given.updatedAt ?? before?.updatedAt ?? later(createdAt, now);
  const kept = { ...content, createdAt, updatedAt } as Records[Type];
  if (given.updatedAt !== undefined || areEqual(before, kept)) return kept;
  return { ...kept, updatedAt: updatedNow(kept, now) };
}

const earlier = (a: string, b: string) => (a < b ? a : b);
const later = (a: string, b: string) => (a > b ? a : b);

const becomeMObject = (
  { id, values, ...times }: ReadMObject,
  before: MObjectRecord | undefined,
  now: string,
): MObjectRecord => withTimes<StoredType>({ id, values }, times, before, now);

function becomeProgram(
  { item, costs, ...times }: ReadProgram,
  before: ProgramRecord | undefined,
  now: string,
  takeCostId: () => number,
): ProgramRecord {
  const content = {
    id: item.id,
    name: item.name,
    type: item.type ?? 'Marketing Program',
    channel: item.channel ?? null,
    workspaceId: item.workspaceId ?? null,
    workspaceName: item.workspaceName ?? null,
    treePath: item.treePath ?? null,
    archived: item.archived ?? false,
    startDate: item.startDate ?? null,
    endDate: item.endDate ?? null,
    crmId: item.crmId ?? null,
    tags: new Map(Object.entries(item.tags ?? {})),
    tokens: new Map(Object.entries(item.tokens ?? {})),
    costs: becomeCosts(costs, before?.costs ?? [], takeCostId),
  };
  return withTimes<'Program'>(content, times, before, now);
}

/**
 * Matches a cost without id with an existing cost of equal content that is not matched yet; otherwise it is new.
 */
function becomeCosts(
  costs: readonly ReadCost[],
  before: readonly CostRecord[],
  takeCostId: () => number,
): CostRecord[] {
  const named = new Set(costs.map(({ id }) => id));
  const free = before.filter(({ id }) => !named.has(id));
  const equals = Map.groupBy(free.reverse(), contentOf);
  const become = costs.map((cost) => {
    const id = cost.id ?? equals.get(contentOf(cost))?.pop()?.id ?? takeCostId();
    return { ...cost, id };
  });
  return become.sort((a, b) => a.id - b.id);
}

const contentOf = ({ month, amount, note }: Omit<ReadCost, 'id'>): string =>
  JSON.stringify([month, amount, note]);

/** Returns a function that assigns new cost ids, skipping those that the file uses. */
function freeCostIds(instance: Instance, facts: Facts, mistakes: MistakeList): () => number {
  const used = new Set(instance.programs?.flatMap(({ costs = [] }) => costs.map(({ id }) => id)));
  const free = facts.newIds.Cost.filter((id) => !used.has(id))[Symbol.iterator]();
  let isUsedUp = false;
  return () => {
    const next = free.next();
    if (next.done) throw new Error('fewer cost ids were loaded than the file has costs');
    if (next.value > MAX_ID && !isUsedUp) {
      isUsedUp = true;
      mistakes.add(
        '$.programs',
        `a cost without an id gets the next one, and ids count at most to ${MAX_ID}`,
      );
    }
    return next.value;
  };
}

/** Maps the id of each stored cost to its program. */
function costOwners(facts: Facts): Map<number, number> {
  const owners = new Map<number, number>();
  for (const program of facts.records.Program.values()) {
    for (const cost of program?.costs ?? []) owners.set(cost.id, program?.id ?? 0);
  }
  return owners;
}
