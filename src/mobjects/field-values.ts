import { type FieldDefinition, type StoredType, standardFields } from '../contract/fields.ts';

/**
 * A value as it is kept: text types as string, integer, float and currency as number, boolean as boolean,
 * date as `YYYY-MM-DD`, datetime as UTC `YYYY-MM-DDTHH:MM:SS.sssZ`, reference as the id. No value is no entry.
 */
export type FieldValue = string | number | boolean;

const withoutId = (type: StoredType) => standardFields[type].filter(({ name }) => name !== 'Id');

/** The standard fields of a type that have a value, in describe's order: `Id` is the record's own. */
export const valueFields: Readonly<Record<StoredType, readonly FieldDefinition[]>> = {
  Opportunity: withoutId('Opportunity'),
  OpportunityPersonRole: withoutId('OpportunityPersonRole'),
};

/** The values of an opportunity or role, by field name in describe's spelling. `Id` is not among them. */
export interface FieldValues {
  /** Those of the standard fields, in the order of `valueFields`; null: none. */
  readonly standard: readonly (FieldValue | null)[];
  /** Those of other fields. */
  readonly custom: ReadonlyMap<string, FieldValue>;
  get(name: string): FieldValue | undefined;
  has(name: string): boolean;
  /** Those of the standard fields first. */
  entries(): IterableIterator<readonly [name: string, value: FieldValue]>;
  /** The same values, to be changed. */
  copy(): FieldValueTable;
}

/** Where the values of the standard fields stand. */
interface Layout {
  readonly names: readonly string[];
  readonly places: ReadonlyMap<string, number>;
  /** No value in any place. */
  readonly empty: readonly null[];
}

function layoutOf(type: StoredType): Layout {
  const names = valueFields[type].map(({ name }) => name);
  return { names, places: new Map(names.map((name, place) => [name, place])), empty: names.map(() => null) };
}

const layouts: Readonly<Record<StoredType, Layout>> = {
  Opportunity: layoutOf('Opportunity'),
  OpportunityPersonRole: layoutOf('OpportunityPersonRole'),
};

const noCustom = new Map<string, FieldValue>();

/**
 * Values that can be changed, until they are part of a record. They stand as in a row of the store, so that a row is
 * read, copied and compared without looking at names.
 */
export class FieldValueTable implements FieldValues {
  readonly standard: (FieldValue | null)[];
  custom: Map<string, FieldValue>;
  private readonly layout: Layout;

  /** `standard`: one for each of the layout's names. Both lists belong to the table from now on. */
  constructor(layout: Layout, standard: (FieldValue | null)[], custom: Map<string, FieldValue>) {
    this.standard = standard;
    this.custom = custom;
    this.layout = layout;
  }

  get(name: string): FieldValue | undefined {
    const place = this.layout.places.get(name);
    return place === undefined ? this.custom.get(name) : (this.standard[place] ?? undefined);
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  set(name: string, value: FieldValue): void {
    const place = this.layout.places.get(name);
    if (place !== undefined) this.standard[place] = value;
    else {
      if (this.custom === noCustom) this.custom = new Map();
      this.custom.set(name, value);
    }
  }

  delete(name: string): void {
    const place = this.layout.places.get(name);
    if (place !== undefined) this.standard[place] = null;
    else this.custom.delete(name);
  }

  copy(): FieldValueTable {
    return new FieldValueTable(this.layout, this.standard.slice(), copyOf(this.custom));
  }

  *entries(): IterableIterator<readonly [name: string, value: FieldValue]> {
    for (const [place, value] of this.standard.entries()) {
      if (value !== null) yield [this.layout.names[place] ?? '', value];
    }
    yield* this.custom;
  }
}

/** Set by set it is made faster than `new Map` makes it from another one. */
function copyOf(values: Map<string, FieldValue>): Map<string, FieldValue> {
  if (values.size === 0) return noCustom;
  const copy = new Map<string, FieldValue>();
  for (const [name, value] of values) copy.set(name, value);
  return copy;
}

/** A table of a type's fields with these values. */
export function fieldValues(
  type: StoredType,
  values: Iterable<readonly [name: string, value: FieldValue]> = [],
): FieldValueTable {
  const layout = layouts[type];
  const table = new FieldValueTable(layout, layout.empty.slice(), noCustom);
  for (const [name, value] of values) table.set(name, value);
  return table;
}

/** A table of a type's fields out of a row: `standard` has one value for each of `valueFields`. */
export const fieldValuesOfRow = (
  type: StoredType,
  standard: (FieldValue | null)[],
  custom: readonly (readonly [name: string, value: FieldValue])[],
): FieldValueTable =>
  new FieldValueTable(layouts[type], standard, custom.length === 0 ? noCustom : new Map(custom));
