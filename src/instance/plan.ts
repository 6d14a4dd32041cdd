import { isStored, type StoredType, type ValueType } from '../contract/fields.ts';
import {
  byType,
  contentTypes,
  declarationOf,
  fileTypes,
  type Records,
  type RecordType,
} from '../records/all.ts';
import { areEqual } from '../records/equality.ts';
import type { Changes, Facts, LooseKey, Wanted } from '../rules/facts.ts';
import { foldName } from '../rules/schema.ts';
import { updatedNow } from '../rules/updated-now.ts';
import type { ApplyMode } from './apply-mode.ts';
import { type DefinitionPlan, planDefinitions } from './definitions.ts';
import { type Mistake, type MistakeList, mistakeList } from './mistakes.ts';
import type { ParsedInstance } from './parse.ts';
import { planCampaigns, planLists, planWorkspaces } from './plan-assets.ts';
import { costPlan } from './plan-costs.ts';
import { planObjectTypes } from './plan-custom-objects.ts';
import { type LeadPartsPlan, leadPartsPlan, type PlannedLead } from './plan-lead-parts.ts';
import { changeOf, newIdsFor, type Planning, type PlanOptions, writtenTypes } from './planning.ts';
import { itemsOf, type ReadInstance, type ReadRecord, readRecords } from './read.ts';
import { type Counts, count, type InstanceReport, noCounts } from './report.ts';
import { type StoredRecords, storedRecords } from './stored-records.ts';

/** The result of planning: more records must be loaded, the file has mistakes, or these are the changes. */
export type InstancePlan =
  | { readonly more: Wanted }
  | { readonly mistakes: readonly Mistake[] }
  | { readonly changes: Changes; readonly report: InstanceReport };

/**
 * Returns the records to load first. `allPrograms`: the file names a cost that none of its programs has, so any other
 * may have it.
 */
export function wantedBy({ instance }: ParsedInstance, { exact }: ApplyMode, allPrograms: boolean): Wanted {
  const ids = byType((declaration) => itemsOf(instance, declaration).flatMap((item) => item?.id ?? []));
  const costs = (instance.programs ?? []).flatMap((program) => program?.costs ?? []);
  return {
    ids,
    keys: [],
    newIds: { Cost: costs.length, ...newIdsFor(instance) },
    depth: 1,
    all: exact ? [...contentTypes, 'ListImport'] : allPrograms ? ['Program'] : [],
    writes: writtenTypes(instance),
    looseKeys: true,
  };
}

/**
 * Plans the changes that a file makes to the loaded state. The programs with the costs that the file names by id must
 * be loaded. Pure, so it can be called several times.
 */
export function planInstance(file: ParsedInstance, facts: Facts, options: PlanOptions): InstancePlan {
  const mistakes = mistakeList();
  const definitions = planDefinitions(file.instance, facts.schema, options, options.now, mistakes);
  const stored = storedRecords(facts, file.instance, options);
  const { read, missing } = readAgainst(file, facts, stored, definitions, options, mistakes);
  const needed = () => ({ ids: missing, lookups: stored.missing(), keys: [], newIds: {}, depth: 1 });
  if (stored.missing().length > 0 || Object.values(missing).some((ids) => ids.length > 0)) {
    return { more: needed() };
  }
  const changes = { records: [], looseKeys: [], removedLooseKeys: [] };
  const planning: RecordPlanning = {
    ...options,
    facts,
    stored,
    mistakes,
    changes,
    costsOf: costPlan(file.instance, facts, options, mistakes),
    looseOf: Map.groupBy(facts.looseKeys ?? [], ({ type, id }) => `${type} ${id}`),
  };
  const workspaces = planWorkspaces(read.workspaces, planning);
  const planLead = leadPartsPlan(read.records.Lead, workspaces.idOf, planning);
  const counts = fileTypes.map((type) => [
    declarationOf[type].section,
    planRecords(type, read.records[type], planLead, planning),
  ]);
  const assets = {
    workspaces: workspaces.counts,
    lists: planLists(read.lists, planning),
    campaigns: planCampaigns(read.campaigns, planning),
    ...planObjectTypes(read.objectTypes, planning),
  };
  if (stored.missing().length > 0) return { more: needed() };
  const all = [...file.mistakes, ...file.independent(mistakes.all)];
  if (all.length > 0) return { mistakes: all };
  const report = { ...definitions.counts, ...Object.fromEntries(counts), ...assets };
  return { changes: { ...changes, ...definitions.changes }, report };
}

/** Reads the records of a file. `missing`: those that it refers to and that are not loaded yet. */
function readAgainst(
  { instance, isComplete, mayHave }: ParsedInstance,
  facts: Facts,
  stored: StoredRecords,
  { schema }: DefinitionPlan,
  { exact = false, timeZone }: PlanOptions,
  mistakes: MistakeList,
): { readonly read: ReadInstance; readonly missing: Record<RecordType, number[]> } {
  const missing = byType((): number[] => []);
  const read = readRecords(
    instance,
    {
      schema,
      timeZone,
      isComplete,
      exact,
      programsNamed: (name) => stored.programsNamed(name),
      hasWorkspace: (name) => !exact && stored.named('Workspace', name) !== undefined,
      objectType: (name) => stored.named('CustomObjectType', name),
      searched: exact ? 'in the file' : 'in the file or the database',
      exists(type, id) {
        if (mayHave(type, id)) return true;
        if (exact) return false;
        const loaded = facts.records[type].get(id);
        if (loaded === undefined) missing[type].push(id);
        return loaded !== null;
      },
    },
    mistakes,
  );
  return { read, missing };
}

function planRecords<Type extends RecordType>(
  type: Type,
  list: readonly ReadRecord<Type>[],
  planLead: LeadPartsPlan,
  planning: RecordPlanning,
): Counts {
  const { facts, mode, exact } = planning;
  const stored: ReadonlyMap<number, Records[Type] | null> = facts.records[type];
  const counts = noCounts();
  const named = new Set<number>();
  const change = changeOf(type, planning);
  for (const item of list) {
    const { id } = item.content as { readonly id: number };
    named.add(id);
    const before = stored.get(id) ?? undefined;
    if (before !== undefined && mode === 'add') {
      count(counts, 'unchanged');
      continue;
    }
    const lead = type === 'Lead' ? planLead.of(item as ReadRecord<'Lead'>) : undefined;
    const after = become(type, item, before, lead, planning);
    const differs = !areEqual(before, after);
    if (differs) change(before, after);
    const keysDiffer = isStored(type) && planLooseKeys(type, id, item.externalKeys, planning);
    const otherwise = keysDiffer || differs || lead?.partsDiffer ? 'updated' : 'unchanged';
    count(counts, before === undefined ? 'created' : otherwise);
  }
  if (!exact) return counts;
  for (const [id, before] of stored) {
    if (before === null || named.has(id)) continue;
    change(before, undefined);
    if (type === 'Lead') planLead.remove(id);
    count(counts, 'removed');
  }
  return counts;
}

/** What the plans of records with ids share, besides what all plans do. */
interface RecordPlanning extends Planning {
  readonly costsOf: ReturnType<typeof costPlan>;
  readonly looseOf: ReadonlyMap<string, readonly LooseKey[]>;
}

/** Plans the loose keys of an object and returns true if any changes. Only an exact file removes keys. */
function planLooseKeys(
  type: StoredType,
  id: number,
  externalKeys: ReadonlyMap<string, string>,
  { looseOf, changes, exact }: RecordPlanning,
): boolean {
  const stored = new Map(looseOf.get(`${type} ${id}`)?.map((key) => [foldName(key.name), key]));
  let changed = false;
  for (const [name, value] of externalKeys) {
    const old = stored.get(foldName(name));
    stored.delete(foldName(name));
    if (old?.name === name && old.value === value) continue;
    changes.looseKeys.push({ type, id, name, value });
    changed = true;
  }
  if (!exact) return changed;
  for (const { name } of stored.values()) changes.removedLooseKeys.push({ type, id, name });
  return changed || stored.size > 0;
}

/** Merges a record of the file with the stored one. */
function become<Type extends RecordType>(
  type: Type,
  item: ReadRecord<Type>,
  before: Records[Type] | undefined,
  lead: PlannedLead | undefined,
  { costsOf, now }: RecordPlanning,
): Records[Type] {
  const costs = type === 'Program' ? { costs: costsOf(item as ReadRecord<'Program'>) } : {};
  const content = { ...item.content, ...costs, ...(lead && { workspaceId: lead.workspaceId }) };
  if (!('updatedAt' in declarationOf[type].columns)) return content as Records[Type];
  const timed = before as Records[TimedType] | undefined;
  return withTimes(content, item, timed, lead?.partsDiffer ?? false, now) as Records[Type];
}

type TimedType = 'Program' | ValueType;

/**
 * Keeps the times of a record unless the file gives others; a changed record is updated now. `differs`: what belongs to
 * it changes.
 */
function withTimes(
  content: object,
  given: Pick<ReadRecord, 'createdAt' | 'updatedAt'>,
  before: Records[TimedType] | undefined,
  differs: boolean,
  now: string,
): Records[TimedType] {
  const createdAt = given.createdAt ?? before?.createdAt ?? earlier(given.updatedAt ?? now, now);
  const updatedAt = given.updatedAt ?? before?.updatedAt ?? later(createdAt, now);
  const kept = { ...content, createdAt, updatedAt } as Records[TimedType];
  if (given.updatedAt !== undefined || (areEqual(before, kept) && !differs)) return kept;
  return { ...kept, updatedAt: updatedNow(kept, now) };
}

const earlier = (a: string, b: string) => (a < b ? a : b);
const later = (a: string, b: string) => (a > b ? a : b);
