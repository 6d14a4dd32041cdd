import { isDeepStrictEqual } from 'node:util';
import { CUSTOM_FIELD_SIZE, type FieldDefinition } from '../contract/fields.ts';
import { fieldNameProblem } from '../rules/field-names.ts';
import { catalogueOf, type FieldOwner, foldName, type Schema } from '../rules/schema.ts';
import type { ApplyMode } from './apply-mode.ts';
import { inside, type MistakeList } from './mistakes.ts';
import type { Counts } from './report.ts';
import type { Instance, InstanceField } from './shape.ts';

/**
 * Merges the custom fields of a type in a file into the existing ones. Reports mistakes; `now` is the time of definition
 * of new fields.
 */
export function planFields(
  instance: Instance,
  owner: FieldOwner,
  existing: Schema,
  { mode, exact }: ApplyMode,
  now: string,
  mistakes: MistakeList,
) {
  const before = new Map(
    existing.fields[owner].all.filter((field) => field.custom).map((field) => [foldName(field.name), field]),
  );
  const all = new Map(before);
  const named = new Set<string>();
  const written: FieldDefinition[] = [];
  const outcomes: (keyof Counts)[] = [];
  const given = instance.fields?.[owner] ?? [];
  const implied = owner === 'Lead' ? impliedFields(instance, before, exact === true) : [];
  for (const [index, item] of [...given, ...implied].entries()) {
    if (item === undefined) continue;
    const path = inside(`fields.${owner}`, index);
    const folded = foldName(item.name);
    if (owner === 'Lead' && standardLead.find(item.name) !== undefined) continue;
    if (index < given.length) checkField(item, owner, path, mistakes);
    if (named.has(folded))
      mistakes.add(`${path}.name`, `duplicate field "${item.name}" (case does not count)`);
    named.add(folded);
    const old = before.get(folded);
    const field = fieldOf(item, old, exact === true, now);
    if (old !== undefined && (mode === 'add' || isDeepStrictEqual(old, field))) {
      outcomes.push('unchanged');
      continue;
    }
    if (old !== undefined && old.dataType !== field.dataType && !exact) {
      mistakes.add(
        `${path}.dataType`,
        `"${old.name}" is already a field of type ${old.dataType}, which can become ${field.dataType} only when ` +
          'the store is made exactly like the file',
      );
    }
    all.set(folded, field);
    written.push(field);
    outcomes.push(old === undefined ? 'created' : 'updated');
  }
  const removed = exact ? [...before].filter(([folded]) => !named.has(folded)) : [];
  for (const [folded] of removed) {
    all.delete(folded);
    outcomes.push('removed');
  }
  return { all: [...all.values()], written, removed: removed.map(([, field]) => field), outcomes };
}

/** Files from before leads had fields may define some of them as custom fields: that is passed over. */
const standardLead = catalogueOf('Lead', []);

/**
 * Returns string fields for the names that leads have attributes under and that are defined nowhere: files from before
 * leads had fields hold such names.
 */
function impliedFields(
  instance: Instance,
  before: ReadonlyMap<string, FieldDefinition>,
  exact: boolean,
): InstanceField[] {
  const known = new Set((instance.fields?.Lead ?? []).flatMap((item) => (item ? [foldName(item.name)] : [])));
  const implied: InstanceField[] = [];
  for (const lead of instance.leads ?? []) {
    for (const sent of Object.keys(lead?.attributes ?? {})) {
      const [name, folded] = [sent.trim(), foldName(sent)];
      const isNoField = folded === '' || folded === 'id' || standardLead.find(name) !== undefined;
      if (isNoField || known.has(folded)) continue;
      known.add(folded);
      const old = before.get(folded);
      if (old === undefined) implied.push({ name, dataType: 'string', size: null });
      else if (exact)
        implied.push({ ...old, dataType: old.dataType as InstanceField['dataType'] } as InstanceField);
    }
  }
  return implied;
}

/** Values may be stored under the old spelling of a name, so only an exact file changes it. */
function fieldOf(
  { name, dataType, size, displayName, description }: InstanceField,
  old: FieldDefinition | undefined,
  exact: boolean,
  now: string,
): FieldDefinition {
  const defined = old === undefined ? now : old.definedAt;
  return {
    name: exact ? name : (old?.name ?? name),
    displayName: displayName ?? null,
    description: description ?? null,
    dataType,
    size: size === undefined ? defaultSize(dataType) : size,
    custom: true,
    references: null,
    ...(defined === undefined ? {} : { definedAt: defined }),
  };
}

/** Returns the size of a field whose definition gives none. */
export const defaultSize = (dataType: FieldDefinition['dataType']): number | null =>
  dataType === 'string' ? CUSTOM_FIELD_SIZE : null;

const sized = new Set(['string', 'text', 'phone', 'url', 'email']);

function checkField(field: InstanceField, owner: FieldOwner, path: string, mistakes: MistakeList): void {
  const problem = fieldNameProblem(owner, field.name);
  if (problem !== undefined) mistakes.add(`${path}.name`, `"${field.name}" ${problem}`);
  if (typeof field.size === 'number' && !sized.has(field.dataType)) {
    mistakes.add(`${path}.size`, `a field of type ${field.dataType} has no size; expected none`);
  }
}
