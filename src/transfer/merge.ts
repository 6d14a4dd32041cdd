import type { CostRecord } from '../records/all.ts';
import { foldName } from '../rules/schema.ts';
import { readMonth } from '../rules/values.ts';
import type { FileRecord, ItemValue } from './read-record.ts';

/** A record as an instance file has it. */
export type FileItem = Readonly<Record<string, unknown>>;

/** Returns the record of an instance file that has these values beside those of `base`. */
export function merged(
  base: FileItem,
  { values, parts }: FileRecord,
  partProperty: string | undefined,
): FileItem {
  const item = new Map(Object.entries(base));
  for (const { place, value } of values) {
    if (place.kind === 'named') {
      const named = new Map(Object.entries((item.get(place.property) ?? {}) as Record<string, ItemValue>));
      putNamed(named, place.property, place.name, value);
      item.set(place.property, Object.fromEntries(named));
    } else if (value === null) item.delete(place.property);
    else item.set(place.property, value);
  }
  if (partProperty !== undefined && parts.length > 0) {
    const before = (base[partProperty] ?? []) as readonly FileItem[];
    item.set(partProperty, mergedParts(before, parts));
  }
  return Object.fromEntries(item);
}

/** Names of fields and keys are the same in any case; those of tags and tokens are not. */
const foldedProperties: ReadonlySet<string> = new Set(['attributes', 'externalKeys']);

function putNamed(named: Map<string, ItemValue>, property: string, name: string, value: ItemValue): void {
  if (foldedProperties.has(property)) {
    for (const other of named.keys()) if (foldName(other) === foldName(name)) named.delete(other);
  }
  if (value === null) named.delete(name);
  else named.set(name, value);
}

/**
 * A row with the id of an existing one replaces what it names of it. A row without an id is new, unless an equal one is
 * there that no other row of the file means (as in an instance file).
 */
function mergedParts(before: readonly FileItem[], parts: FileRecord['parts']): FileItem[] {
  const byId = new Map(before.map((each) => [each.id, each]));
  const named = new Set(parts.map((part) => part.get('id')));
  const equal = Map.groupBy(
    before.filter(({ id }) => !named.has(id as number)),
    contentOf,
  );
  const added: FileItem[] = [];
  for (const part of parts) {
    const item = Object.fromEntries(part) as FileItem;
    if (item.id !== undefined) byId.set(item.id, { ...byId.get(item.id), ...item });
    else if (equal.get(contentOf(item))?.pop() === undefined) added.push(item);
  }
  return [...byId.values(), ...added];
}

function contentOf(item: FileItem): string {
  const { month, amount, note = null } = item as Partial<CostRecord>;
  const read = readMonth(String(month ?? ''));
  return JSON.stringify(['month' in read ? read.month : month, amount, note]);
}
