import { type FieldDefinition, isStored, standardFields, storedTypes } from '../contract/fields.ts';
import type { KeyedType } from '../records/all.ts';

/** The types that have fields of their own: those that are stored, and those that associations lead to. */
export type FieldOwner = KeyedType;
export const fieldOwners: readonly FieldOwner[] = [...storedTypes, 'Lead', 'Company'];

/** The fields of one type, found by name without regard to case (docs/behaviour.md#4-fields-and-values). */
export interface FieldCatalogue {
  /** In describe's order: alphabetical without case (docs/behaviour.md#describemobject). */
  readonly all: readonly FieldDefinition[];
  find(name: string): FieldDefinition | undefined;
  /** The field with its folded name, which is known here and need not be made of each name that is sent. */
  findFolded(name: string): FoundField | undefined;
}

/** A field that was found by name. */
export interface FoundField {
  readonly field: FieldDefinition;
  readonly folded: string;
}

/** One progression status of a channel (docs/behaviour.md#getchannels). */
export interface ChannelStatus {
  readonly status: string;
  readonly step: number;
  readonly success: boolean;
  /** Further attributes in the order in which they are reported, e.g. "Check-in Status". */
  readonly attributes: ReadonlyMap<string, string>;
}

/** What this instance has defined: fields, tag types with their values, channels with their statuses. */
export interface Schema {
  readonly fields: Readonly<Record<FieldOwner, FieldCatalogue>>;
  /** Tag type → its values, both in the order of their definition (docs/behaviour.md#gettags). */
  readonly tags: ReadonlyMap<string, readonly string[]>;
  /** Channel → its statuses. */
  readonly channels: ReadonlyMap<string, readonly ChannelStatus[]>;
}

/**
 * Names are compared in this form, in every operation and both stores, never in SQL: without white space around them
 * and without case, as Unicode has it for all languages alike.
 */
export const foldName = (name: string): string => name.trim().toLowerCase();

/** The one of some names that is meant, without regard to case. */
export function oneOf<Name extends string>(names: readonly Name[], sent: string): Name | undefined {
  for (const name of names) if (name === sent) return name;
  const folded = foldName(sent);
  return names.find((name) => foldName(name) === folded);
}

/** The order in which names are listed: alphabetical without case. */
export function compareNames(a: string, b: string): number {
  const [x, y] = [foldName(a), foldName(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}

/** A catalogue of these fields; of two with the same name the first counts. */
export function fieldCatalogue(fields: readonly FieldDefinition[]): FieldCatalogue {
  const byFolded = new Map<string, FoundField>();
  for (const field of fields) {
    const folded = foldName(field.name);
    if (!byFolded.has(folded)) byFolded.set(folded, { field, folded });
  }
  // Most names are sent as describe spells them: these are found without folding.
  const spelled = new Map(byFolded);
  for (const found of byFolded.values()) spelled.set(found.field.name, found);
  const findFolded = (name: string) => spelled.get(name) ?? byFolded.get(foldName(name));
  return {
    all: Array.from(byFolded.values(), ({ field }) => field).sort((a, b) => compareNames(a.name, b.name)),
    find: (name) => findFolded(name)?.field,
    findFolded,
  };
}

/** The catalogue of a type: the API's standard fields and the instance's custom ones. */
export function catalogueOf(owner: FieldOwner, custom: readonly FieldDefinition[]): FieldCatalogue {
  const standard = isStored(owner) ? standardFields[owner] : [];
  return fieldCatalogue([...standard, ...custom]);
}
