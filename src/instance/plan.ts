import { isStored, type StoredType, type ValueType } from '../contract/fields.ts';
import { byType, declarationOf, fileTypes, type Records, type RecordType } from '../records/all.ts';
import { areEqual } from '../records/equality.ts';
import type { AnyRecordChange, Changes, Facts, LooseKey, Wanted } from '../rules/facts.ts';
import { foldName } from '../rules/schema.ts';
import { updatedNow } from '../rules/updated-now.ts';
import { type ApplyMode, type DefinitionPlan, planDefinitions } from './definitions.ts';
import { type Mistake, type MistakeList, mistakeList } from './mistakes.ts';
import type { ParsedInstance } from './parse.ts';
import { costPlan } from './plan-costs.ts';
import { itemsOf, type ReadRecord, type ReadRecords, readRecords } from './read.ts';
import { type Counts, count, type InstanceReport, noCounts } from './report.ts';

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

/** Returns the records to load first. */
export function wantedBy({ instance }: ParsedInstance, { exact }: ApplyMode): Wanted {
  const ids = byType((declaration) => itemsOf(instance, declaration).flatMap((item) => item?.id ?? []));
  const costs = (instance.programs ?? []).flatMap((program) => program?.costs ?? []);
  // Each program of the store may be the one that a cost of the file belongs to.
  const searched = costs.some((cost) => cost?.id !== undefined) ? (['Program'] as const) : [];
  return {
    ids,
    keys: [],
    newIds: { Cost: costs.length },
    depth: 1,
    all: exact ? fileTypes : searched,
    looseKeys: true,
  };
}

/** Plans the changes that a file makes to the loaded state. Pure, so it can be called several times. */
export function planInstance(file: ParsedInstance, facts: Facts, options: PlanOptions): InstancePlan {
  const mistakes = mistakeList();
  const definitions = planDefinitions(file.instance, facts.schema, options, options.now, mistakes);
  const { read, missing } = readAgainst(file, facts, definitions, options, mistakes);
  if (Object.values(missing).some((ids) => ids.length > 0)) {
    return { more: { ids: missing, keys: [], newIds: {}, depth: 1 } };
  }
  const changes = { records: [], looseKeys: [], removedLooseKeys: [] };
  const planning: Planning = {
    ...options,
    facts,
    changes,
    costsOf: costPlan(file.instance, facts, options, mistakes),
    looseOf: Map.groupBy(facts.looseKeys ?? [], ({ type, id }) => `${type} ${id}`),
  };
  const counts = fileTypes.map((type) => [
    declarationOf[type].section,
    planRecords(type, read[type], planning),
  ]);
  const all = [...file.mistakes, ...file.independent(mistakes.all)];
  if (all.length > 0) return { mistakes: all };
  const report = { ...definitions.counts, ...Object.fromEntries(counts) };
  return { changes: { ...changes, ...definitions.changes }, report };
}

/** Reads the records of a file. `missing`: those that it refers to and that are not loaded yet. */
function readAgainst(
  { instance, isComplete, mayHave }: ParsedInstance,
  facts: Facts,
  { schema }: DefinitionPlan,
  { exact = false, timeZone }: PlanOptions,
  mistakes: MistakeList,
): { readonly read: ReadRecords; readonly missing: Record<RecordType, number[]> } {
  const missing = byType((): number[] => []);
  const read = readRecords(
    instance,
    {
      schema,
      timeZone,
      isComplete,
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

/** What the plans of all records share. */
interface Planning extends PlanOptions {
  readonly facts: Facts;
  readonly costsOf: ReturnType<typeof costPlan>;
  readonly looseOf: ReadonlyMap<string, readonly LooseKey[]>;
  /** The changes so far. */
  readonly changes: {
    readonly records: AnyRecordChange[];
    readonly looseKeys: LooseKey[];
    readonly removedLooseKeys: Omit<LooseKey, 'value'>[];
  };
}

function planRecords<Type extends RecordType>(
  type: Type,
  list: readonly ReadRecord<Type>[],
  planning: Planning,
): Counts {
  const { facts, changes, mode, exact } = planning;
  const stored: ReadonlyMap<number, Records[Type] | null> = facts.records[type];
  const counts = noCounts();
  const named = new Set<number>();
  const change = (before: Records[Type] | undefined, after: Records[Type] | undefined) =>
    changes.records.push({ type, before, after } as unknown as AnyRecordChange);
  for (const item of list) {
    const { id } = item.content as { readonly id: number };
    named.add(id);
    const before = stored.get(id) ?? undefined;
    if (before !== undefined && mode === 'add') {
      count(counts, 'unchanged');
      continue;
    }
    const after = become(type, item, before, planning);
    const differs = !areEqual(before, after);
    if (differs) change(before, after);
    const keysDiffer = isStored(type) && planLooseKeys(type, id, item.externalKeys, planning);
    const otherwise = keysDiffer || differs ? 'updated' : 'unchanged';
    count(counts, before === undefined ? 'created' : otherwise);
  }
  if (!exact) return counts;
  for (const [id, before] of stored) {
    if (before === null || named.has(id)) continue;
    change(before, undefined);
    count(counts, 'removed');
  }
  return counts;
}

/** Plans the loose keys of an object and returns true if any changes. Only an exact file removes keys. */
function planLooseKeys(
  type: StoredType,
  id: number,
  externalKeys: ReadonlyMap<string, string>,
  { looseOf, changes, exact }: Planning,
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
  { costsOf, now }: Planning,
): Records[Type] {
  const costs = type === 'Program' ? { costs: costsOf(item as ReadRecord<'Program'>) } : {};
  const content = { ...item.content, ...costs };
  if (!('updatedAt' in declarationOf[type].columns)) return content as Records[Type];
  return withTimes(content, item, before as Records[TimedType] | undefined, now) as Records[Type];
}

type TimedType = 'Program' | ValueType;

/** Keeps the times of a record unless the file gives others; a changed record is updated now. */
function withTimes(
  content: object,
  given: Pick<ReadRecord, 'createdAt' | 'updatedAt'>,
  before: Records[TimedType] | undefined,
  now: string,
): Records[TimedType] {
  const createdAt = given.createdAt ?? before?.createdAt ?? earlier(given.updatedAt ?? now, now);
  const updatedAt = given.updatedAt ?? before?.updatedAt ?? later(createdAt, now);
  const kept = { ...content, createdAt, updatedAt } as Records[TimedType];
  if (given.updatedAt !== undefined || areEqual(before, kept)) return kept;
  return { ...kept, updatedAt: updatedNow(kept, now) };
}

const earlier = (a: string, b: string) => (a < b ? a : b);
const later = (a: string, b: string) => (a > b ? a : b);
