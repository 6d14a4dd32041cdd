import type { FieldDefinition } from '../contract/fields.ts';
import { nameProblem } from '../contract/names.ts';
import type { Changes } from '../rules/facts.ts';
import {
  type ChannelStatus,
  catalogueOf,
  type FieldCatalogue,
  type FieldOwner,
  fieldOwners,
  foldName,
  type Schema,
} from '../rules/schema.ts';
import type { ApplyMode } from './apply-mode.ts';
import { planFields } from './definition-fields.ts';
import { inside, type MistakeList } from './mistakes.ts';
import { type Counts, count, noCounts } from './report.ts';
import type { Instance, InstanceChannelStatus } from './shape.ts';

/** The resulting fields, tags and channels, and the changes that lead to them. */
export interface DefinitionPlan {
  readonly schema: Schema;
  readonly changes: Pick<Changes, 'newFields' | 'removedFields' | 'schema'>;
  readonly counts: { readonly fields: Counts; readonly tags: Counts; readonly channels: Counts };
}

/** The definitions of the API alone. */
export const standardSchema: Schema = {
  fields: Object.fromEntries(fieldOwners.map((owner) => [owner, catalogueOf(owner, [])])) as Record<
    FieldOwner,
    FieldCatalogue
  >,
  tags: new Map(),
  channels: new Map(),
};

/** Merges the definitions of a file into the existing ones. `now`: UTC, `YYYY-MM-DDTHH:MM:SS.sssZ`. */
export function planDefinitions(
  instance: Instance,
  existing: Schema,
  mode: ApplyMode,
  now: string,
  mistakes: MistakeList,
): DefinitionPlan {
  const counts = { fields: noCounts(), tags: noCounts(), channels: noCounts() };
  const newFields: { owner: FieldOwner; field: FieldDefinition }[] = [];
  const removedFields: { owner: FieldOwner; name: string }[] = [];
  const fields = Object.fromEntries(
    fieldOwners.map((owner) => {
      const plan = planFields(instance, owner, existing, mode, now, mistakes);
      newFields.push(...plan.written.map((field) => ({ owner, field })));
      removedFields.push(...plan.removed.map(({ name }) => ({ owner, name })));
      for (const outcome of plan.outcomes) count(counts.fields, outcome);
      return [owner, catalogueOf(owner, plan.all)];
    }),
  ) as Record<FieldOwner, FieldCatalogue>;

  checkNames(Object.keys(instance.tags ?? {}), 'tags', 'tag type', mistakes);
  checkNames(Object.keys(instance.channels ?? {}), 'channels', 'channel', mistakes);
  if (!mode.exact) {
    for (const section of ['tags', 'channels'] as const) {
      const names = Object.keys(instance[section] ?? {});
      checkSpelling(names, existing[section].keys(), (name) => inside(section, name), mistakes);
    }
    for (const [type, values] of Object.entries(instance.tags ?? {})) {
      const known = existing.tags.get(type) ?? [];
      checkSpelling(values, known, (_, index) => inside(inside('tags', type), index), mistakes);
    }
  }
  const tags = planLists(existing.tags, readTags(instance, mistakes), mode, mergedValues, counts.tags);
  const channels = planLists(
    existing.channels,
    readChannels(instance, mistakes),
    mode,
    (old, file) => (mode.mode === 'add' ? old : file),
    counts.channels,
  );
  return {
    schema: { fields, tags: tags ?? existing.tags, channels: channels ?? existing.channels },
    changes: {
      newFields,
      removedFields,
      schema: { ...(tags === undefined ? {} : { tags }), ...(channels === undefined ? {} : { channels }) },
    },
    counts,
  };
}

function checkNames(names: readonly string[], path: string, what: string, mistakes: MistakeList): void {
  const seen = new Set<string>();
  for (const name of names) {
    const folded = foldName(name);
    const problem = nameProblem(name);
    if (problem !== undefined) {
      mistakes.add(inside(path, name), `the name of a ${what} ${problem}`);
    } else if (seen.has(folded)) {
      mistakes.add(inside(path, name), `duplicate ${what} (case does not count)`);
    }
    seen.add(folded);
  }
}

/** Reports names that the store has in another case: they would be defined a second time. */
function checkSpelling(
  names: readonly (string | undefined)[],
  existing: Iterable<string>,
  placeOf: (name: string, index: number) => string,
  mistakes: MistakeList,
): void {
  const known = new Set(existing);
  const spelled = new Map(Array.from(known, (name) => [foldName(name), name]));
  for (const [index, name] of names.entries()) {
    const found = name === undefined || known.has(name) ? undefined : spelled.get(foldName(name));
    if (name === undefined || found === undefined) continue;
    mistakes.add(placeOf(name, index), `"${name}" is spelled "${found}" in the database; use that spelling`);
  }
}

/** Reports duplicate names, ignoring case. */
function checkDistinct(names: readonly (string | undefined)[], path: string, mistakes: MistakeList): void {
  const seen = new Set<string>();
  for (const [index, name] of names.entries()) {
    if (name === undefined) continue;
    const problem = nameProblem(name);
    if (problem !== undefined) mistakes.add(inside(path, index), `"${name}" ${problem}`);
    if (seen.has(foldName(name))) {
      mistakes.add(inside(path, index), `duplicate "${name}" (case does not count)`);
    }
    seen.add(foldName(name));
  }
}

function readTags(instance: Instance, mistakes: MistakeList): Map<string, readonly string[]> {
  const tags = new Map<string, readonly string[]>();
  for (const [type, values] of Object.entries(instance.tags ?? {})) {
    if (foldName(type) === 'channel') {
      mistakes.add(
        inside('tags', type),
        'a tag type cannot have this name; define channels under "channels"',
      );
    }
    checkDistinct(values, inside('tags', type), mistakes);
    tags.set(type, values);
  }
  return tags;
}

function readChannels(instance: Instance, mistakes: MistakeList): Map<string, readonly ChannelStatus[]> {
  const channels = new Map<string, readonly ChannelStatus[]>();
  for (const [channel, statuses] of Object.entries(instance.channels ?? {})) {
    const path = inside('channels', channel);
    checkDistinct(
      statuses.map(({ status }) => status),
      path,
      mistakes,
    );
    channels.set(channel, statuses.map(statusOf));
  }
  return channels;
}

const statusOf = ({ status, step, success, attributes }: InstanceChannelStatus): ChannelStatus => ({
  status,
  step,
  success,
  attributes: new Map(Object.entries(attributes ?? {})),
});

/**
 * Merges values: those of the file first in `make`, existing ones first in `add`, only those of the file if it is
 * exact.
 */
function mergedValues(old: readonly string[], file: readonly string[], { mode, exact }: ApplyMode) {
  if (exact) return file;
  return [...new Set(mode === 'make' ? [...file, ...old] : [...old, ...file])];
}

/** Returns the merged map; undefined if nothing changes. */
function planLists<Item>(
  existing: ReadonlyMap<string, readonly Item[]>,
  file: ReadonlyMap<string, readonly Item[]>,
  mode: ApplyMode,
  merge: (old: readonly Item[], file: readonly Item[], mode: ApplyMode) => readonly Item[],
  counts: Counts,
): ReadonlyMap<string, readonly Item[]> | undefined {
  const after = new Map(mode.exact ? [] : existing);
  for (const [name, items] of file) {
    const old = existing.get(name);
    const merged = old === undefined ? items : merge(old, items, mode);
    after.set(name, merged);
    if (old === undefined) count(counts, 'created');
    else count(counts, inOrder(old, merged) ? 'unchanged' : 'updated');
  }
  for (const name of existing.keys()) if (!after.has(name)) count(counts, 'removed');
  return inOrder([...existing], [...after]) ? undefined : after;
}

/**
 * Tells whether two values are equal in content and order. The order of maps counts, too, because it is reported.
 */
const inOrder = (a: unknown, b: unknown): boolean =>
  JSON.stringify(a, ordered) === JSON.stringify(b, ordered);

const ordered = (_key: string, value: unknown) => (value instanceof Map ? [...value] : value);
