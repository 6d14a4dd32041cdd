import { type FieldDefinition, isStored, standardFields, storedTypes } from '../contract/fields.ts';
import { leadFieldDefinitions } from '../contract/lead-fields.ts';
import type { KeyedType } from '../records/all.ts';

/** The types with field definitions: the stored types, and the types that associations refer to. */
export type FieldOwner = KeyedType;
export const fieldOwners: readonly FieldOwner[] = [...storedTypes, 'Lead', 'Company'];

/** The fields of one type, looked up without regard to case (docs/behaviour.md#4-fields-and-values). */
export interface FieldCatalogue {
  /** In the order of describeMObject: alphabetical without regard to case (docs/behaviour.md#describemobject). */
  readonly all: readonly FieldDefinition[];
  find(name: string): FieldDefinition | undefined;
  /** Finds a field together with its folded name, so that callers need not fold the name again. */
  findFolded(name: string): FoundField | undefined;
}

/** A field found by name. */
export interface FoundField {
  readonly field: FieldDefinition;
  readonly folded: string;
}

/** One progression status of a channel (docs/behaviour.md#getchannels). */
export interface ChannelStatus {
  readonly status: string;
  readonly step: number;
  readonly success: boolean;
  /** Further attributes in the order of the answer, e.g. "Check-in Status". */
  readonly attributes: ReadonlyMap<string, string>;
}

/** The definitions of this instance: fields, tag types with their values, channels with their statuses. */
export interface Schema {
  readonly fields: Readonly<Record<FieldOwner, FieldCatalogue>>;
  /** Tag type → values, both in definition order (docs/behaviour.md#gettags). */
  readonly tags: ReadonlyMap<string, readonly string[]>;
  /** Channel → statuses. */
  readonly channels: ReadonlyMap<string, readonly ChannelStatus[]>;
}

/**
 * Folds a name for comparison: trimmed, and lower-cased independently of locale. Every operation and both stores
 * compare names in this form, never in SQL.
 */
export const foldName = (name: string): string => name.trim().toLowerCase();

/** Returns the name that matches without regard to case; an exact match wins. */
export function oneOf<Name extends string>(names: readonly Name[], sent: string): Name | undefined {
  for (const name of names) if (name === sent) return name;
  const folded = foldName(sent);
  return names.find((name) => foldName(name) === folded);
}

/** Orders names alphabetically without regard to case. */
export function compareNames(a: string, b: string): number {
  const [x, y] = [foldName(a), foldName(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}

/** Creates a catalogue. Of two fields with the same folded name, the first counts. */
export function fieldCatalogue(fields: readonly FieldDefinition[]): FieldCatalogue {
  const byFolded = new Map<string, FoundField>();
  for (const field of fields) {
    const folded = foldName(field.name);
    if (!byFolded.has(folded)) byFolded.set(folded, { field, folded });
  }
  // Most names are sent in describeMObject's spelling; these are found without folding.
  const spelled = new Map(byFolded);
  for (const found of byFolded.values()) spelled.set(found.field.name, found);
  const findFolded = (name: string) => spelled.get(name) ?? byFolded.get(foldName(name));
  return {
    all: Array.from(byFolded.values(), ({ field }) => field).sort((a, b) => compareNames(a.name, b.name)),
    find: (name) => findFolded(name)?.field,
    findFolded,
  };
}

/** Returns the catalogue of a type: the API's standard fields and the instance's custom fields. */
export function catalogueOf(owner: FieldOwner, custom: readonly FieldDefinition[]): FieldCatalogue {
  if (owner === 'Company') return fieldCatalogue(custom);
  const standard = isStored(owner) ? standardFields[owner] : leadFieldDefinitions;
  return fieldCatalogue([...standard, ...custom]);
}
