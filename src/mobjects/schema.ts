import { type FieldDefinition, type StoredType, standardFields } from '../contract/fields.ts';

/** The types that have fields of their own: those that are stored, and those that associations lead to. */
export const fieldOwners = ['Opportunity', 'OpportunityPersonRole', 'Lead', 'Company'] as const;
export type FieldOwner = (typeof fieldOwners)[number];

/** The fields of one type, found by name without regard to case (behaviour.md 4). */
export interface FieldCatalogue {
  /** In describe's order: alphabetical without case (F2). */
  readonly all: readonly FieldDefinition[];
  find(name: string): FieldDefinition | undefined;
}

/** One progression status of a channel (F3.2). */
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
  /** Tag type → its values, both in the order of their definition (F3.1). */
  readonly tags: ReadonlyMap<string, readonly string[]>;
  /** Channel → its statuses. */
  readonly channels: ReadonlyMap<string, readonly ChannelStatus[]>;
}

/** Names are compared in this form. */
export const foldName = (name: string): string => name.trim().toLowerCase();

const byName = (a: FieldDefinition, b: FieldDefinition) => {
  const [x, y] = [a.name.toLowerCase(), b.name.toLowerCase()];
  return x < y ? -1 : x > y ? 1 : 0;
};

/** A catalogue of these fields; of two with the same name the first counts. */
export function fieldCatalogue(fields: readonly FieldDefinition[]): FieldCatalogue {
  const folded = new Map<string, FieldDefinition>();
  for (const field of fields) {
    const key = foldName(field.name);
    if (!folded.has(key)) folded.set(key, field);
  }
  const all = [...folded.values()].sort(byName);
  // Most names are sent as describe spells them: these are found without folding.
  const spelled = new Map(folded);
  for (const field of all) spelled.set(field.name, field);
  return { all, find: (name) => spelled.get(name) ?? folded.get(foldName(name)) };
}

/** The catalogue of a type: the API's standard fields and the instance's custom ones. */
export function catalogueOf(owner: FieldOwner, custom: readonly FieldDefinition[]): FieldCatalogue {
  const standard = owner === 'Lead' || owner === 'Company' ? [] : standardFields[owner as StoredType];
  return fieldCatalogue([...standard, ...custom]);
}
