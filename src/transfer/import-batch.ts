import { isStored } from '../contract/fields.ts';
import { exportRecord } from '../instance/export.ts';
import { instanceOf } from '../instance/parse.ts';
import { planInstance } from '../instance/plan.ts';
import type { FileSection, Records, RecordType } from '../records/all.ts';
import type { Facts, Wanted } from '../rules/facts.ts';
import { noChanges } from '../rules/plan.ts';
import type { Objects } from '../store/store.ts';
import {
  type FailedRecord,
  type FoundRecords,
  findRecords,
  type SearchOptions,
  type Target,
} from './find-records.ts';
import type { Layout } from './layout.ts';
import { type FileItem, merged } from './merge.ts';
import type { FileRecord } from './read-record.ts';

export interface BatchOptions extends SearchOptions {
  readonly timeZone: string;
  readonly now: Date;
  readonly dryRun: boolean;
  /** Applies nothing if a record fails. */
  readonly allOrNothing: boolean;
}

export interface BatchOutcome {
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly failed: readonly FailedRecord[];
  /** Records that an earlier one of the batch means, too: they are for a later batch. */
  readonly again: readonly FileRecord[];
  /** The ids that were assigned. */
  readonly newIds: readonly number[];
}

/**
 * Imports records in one transaction, by the rules of instance files (`planInstance`). A record keeps the values that
 * its rows do not have. One that fails leaves the others as they are.
 */
export async function importBatch(
  store: Objects,
  records: readonly FileRecord[],
  options: BatchOptions,
): Promise<BatchOutcome> {
  const { layout, dryRun, firstId } = options;
  const withoutId = records.filter(({ id }) => id === undefined).length;
  const costs = records.reduce((sum, { parts }) => sum + parts.length, 0);
  const isCounted = isStored(layout.type);
  const free = isCounted ? [] : Array.from({ length: withoutId }, (_, place) => firstId + place);
  const wanted: Wanted = {
    ids: { [layout.type]: [...records.flatMap(({ id }) => id ?? []), ...free] },
    keys: [],
    lookups: [],
    writes: [layout.type],
    newIds: { ...(isCounted ? { [layout.type]: withoutId } : {}), Cost: costs },
    depth: 1,
    // Each program of the store may be the one that a cost of the file belongs to.
    all: records.some(({ parts }) => parts.some((part) => part.has('id'))) ? ['Program'] : [],
    looseKeys: true,
  };
  return store.apply<BatchOutcome>(wanted, (facts) => {
    const found = findRecords(records, facts, options);
    return 'more' in found ? found : decide(found, facts, options, dryRun);
  });
}

/** Leaves out the records with mistakes until the others can be applied. */
function decide(found: FoundRecords, facts: Facts, options: BatchOptions, dryRun: boolean) {
  const { layout, allOrNothing, now, timeZone } = options;
  const section = layout.declaration.section as FileSection;
  const failed = [...found.failed];
  let targets = found.targets;
  for (;;) {
    const items = targets.map((target) => itemOf(target, facts, layout));
    const instance = instanceOf({ [section]: items });
    const plan = planInstance(instance, facts, { mode: 'make', now: now.toISOString(), timeZone });
    if ('more' in plan) return plan;
    if (!('mistakes' in plan)) {
      const { created, updated, unchanged } = plan.report[section];
      const isApplied = !dryRun && !(allOrNothing && failed.length + found.again.length > 0);
      const answer = { created, updated, unchanged, failed, again: found.again, newIds: found.newIds };
      return { changes: isApplied ? plan.changes : noChanges, answer, journal: null };
    }
    const problems = problemsByItem(section, plan.mistakes, items.length);
    for (const [place, problem] of problems) {
      const target = targets[place];
      if (target !== undefined) failed.push({ record: target.record, problem });
    }
    targets = targets.filter((_, place) => !problems.has(place));
  }
}

/** Returns the mistakes of each item. One that belongs to no item is of all. */
function problemsByItem(
  section: string,
  mistakes: readonly { readonly path: string; readonly message: string }[],
  items: number,
): Map<number, string> {
  const problems = new Map<number, string>();
  const pattern = new RegExp(`^${section}\\[(\\d+)\\]\\.?(.*)$`, 's');
  for (const { path, message } of mistakes) {
    const [, place, inner = ''] = pattern.exec(path) ?? [];
    const text = inner === '' ? message : `${inner}: ${message}`;
    const places = place === undefined ? Array.from({ length: items }, (_, each) => each) : [Number(place)];
    for (const each of places) {
      const others = problems.get(each);
      problems.set(each, others === undefined ? text : `${others}; ${text}`);
    }
  }
  return problems;
}

/** Returns what the record is to be, in the form of an instance file. */
function itemOf({ id, record, values }: Target, facts: Facts, { type, part }: Layout): FileItem {
  const before = facts.records[type].get(id) ?? undefined;
  const base: FileItem =
    before === undefined
      ? { id }
      : { ...exportRecord(type, before as Records[RecordType], [], null, facts.schema) };
  // The times of a record that exists are those of the file, or follow from whether it changes.
  const { createdAt: _created, updatedAt: _updated, ...kept } = base;
  const item = merged({ ...kept, id }, { ...record, values }, part);
  if (type !== 'OpportunityPersonRole' || before === undefined || 'orphan' in item) return item;
  // References that a role has are not checked again.
  const isSame = ['opportunityId', 'leadId'].every((property) => item[property] === kept[property]);
  return isSame ? { ...item, orphan: true } : item;
}
