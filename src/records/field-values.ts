import {
  byValueType,
  type FieldDefinition,
  isStored,
  standardFields,
  type ValueType,
} from '../contract/fields.ts';

/**
 * A stored value: string for text types; number for integer, float and currency; boolean; `YYYY-MM-DD` for date;
 * `UtcTime` for datetime; the id for reference. A field without a value has no entry.
 */
export type FieldValue = string | number | boolean;

/**
 * Returns the text of a value as an external key: the same text for equal values, however they were written (501 =
 * 501.00, 1 = true).
 */
export const keyText = (value: FieldValue): string => String(value);

const withColumns = (type: ValueType) =>
  isStored(type) ? standardFields[type].filter(({ name }) => name !== 'Id') : [];

/**
 * The standard fields of a type that have columns, in the order of describeMObject, without `Id`, which the record
 * itself holds. Those of leads have none.
 */
export const valueFields: Readonly<Record<ValueType, readonly FieldDefinition[]>> = byValueType(withColumns);

/** The values of a record by field name, in describeMObject's spelling, without `Id`. */
export interface FieldValues {
  /** Values of the standard fields, in the order of `valueFields`; null: no value. */
  readonly standard: readonly (FieldValue | null)[];
  /** Values of all other fields, by name. */
  readonly custom: ReadonlyMap<string, FieldValue>;
  get(name: string): FieldValue | undefined;
  has(name: string): boolean;
  /** Returns whether both have the same value for this field, or both have none. */
  agrees(name: string, other: FieldValues): boolean;
  /** Returns whether all custom fields have the same values. */
  agreesInCustom(other: FieldValues): boolean;
  /** Returns whether all fields have the same values. Both must be of the same type. */
  equals(other: FieldValues): boolean;
  /** Iterates over the values, standard fields first. */
  entries(): IterableIterator<readonly [name: string, value: FieldValue]>;
  /** Returns a mutable copy. */
  copy(): FieldValueTable;
}

/** The positions of the standard fields. */
interface Layout {
  readonly names: readonly string[];
  readonly places: ReadonlyMap<string, number>;
  /** A null for each position. */
  readonly empty: readonly null[];
}

function layoutOf(type: ValueType): Layout {
  const names = valueFields[type].map(({ name }) => name);
  return { names, places: new Map(names.map((name, place) => [name, place])), empty: names.map(() => null) };
}

const layouts: Readonly<Record<ValueType, Layout>> = byValueType(layoutOf);

type Values = ReadonlyMap<string, FieldValue>;

/** Values of custom fields, shared between copies of a table. Parsed on first use. */
class CustomValues {
  private values: Values | undefined;
  private readonly read: (() => Record<string, FieldValue>) | undefined;

  constructor(values: Values | undefined, read?: () => Record<string, FieldValue>) {
    this.values = values;
    this.read = read;
  }

  all(): Values {
    this.values ??= new Map(Object.entries(this.read?.() ?? {}));
    return this.values;
  }
}

const noCustom = new CustomValues(new Map());

/**
 * A mutable table of values. It becomes immutable when a record holds it. The layout equals that of a stored row, so
 * that rows are read, copied and compared without name lookups.
 */
export class FieldValueTable implements FieldValues {
  readonly standard: (FieldValue | null)[];
  #custom: CustomValues;
  /** The map of `#custom`, while no other table shares it. */
  #own: Map<string, FieldValue> | undefined;
  readonly #layout: Layout;

  /** Takes ownership of `standard`, which has one value for each name of the layout. */
  constructor(layout: Layout, standard: (FieldValue | null)[], custom: CustomValues) {
    this.standard = standard;
    this.#custom = custom;
    this.#layout = layout;
  }

  get custom(): Values {
    return this.#custom.all();
  }

  get(name: string): FieldValue | undefined {
    const place = this.#layout.places.get(name);
    return place === undefined ? this.custom.get(name) : (this.standard[place] ?? undefined);
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  set(name: string, value: FieldValue): void {
    const place = this.#layout.places.get(name);
    if (place !== undefined) this.standard[place] = value;
    else this.#ownCustom().set(name, value);
  }

  delete(name: string): void {
    const place = this.#layout.places.get(name);
    if (place !== undefined) this.standard[place] = null;
    else this.#ownCustom().delete(name);
  }

  copy(): FieldValueTable {
    this.#own = undefined;
    return new FieldValueTable(this.#layout, this.standard.slice(), this.#custom);
  }

  #ownCustom(): Map<string, FieldValue> {
    if (this.#own === undefined) {
      this.#own = new Map(this.custom);
      this.#custom = new CustomValues(this.#own);
    }
    return this.#own;
  }

  agrees(name: string, other: FieldValues): boolean {
    const isShared = #custom in other && other.#custom === this.#custom && !this.#layout.places.has(name);
    return isShared || this.get(name) === other.get(name);
  }

  agreesInCustom(other: FieldValues): boolean {
    if (#custom in other && other.#custom === this.#custom) return true;
    const [ours, theirs] = [this.custom, other.custom];
    if (ours.size !== theirs.size) return false;
    for (const [name, value] of ours) if (theirs.get(name) !== value) return false;
    return true;
  }

  equals(other: FieldValues): boolean {
    for (const [place, value] of this.standard.entries()) if (other.standard[place] !== value) return false;
    return this.agreesInCustom(other);
  }

  *entries(): IterableIterator<readonly [name: string, value: FieldValue]> {
    for (const [place, value] of this.standard.entries()) {
      if (value !== null) yield [this.#layout.names[place] ?? '', value];
    }
    yield* this.custom;
  }
}

/** Creates a table with these values. */
export function fieldValues(
  type: ValueType,
  values: Iterable<readonly [name: string, value: FieldValue]> = [],
): FieldValueTable {
  const layout = layouts[type];
  const table = new FieldValueTable(layout, layout.empty.slice(), noCustom);
  for (const [name, value] of values) table.set(name, value);
  return table;
}

/**
 * Creates a table from a row. `standard`: one value for each of `valueFields`. `custom`: parses the custom values on
 * first use; undefined: there are none.
 */
export const fieldValuesOfRow = (
  type: ValueType,
  standard: (FieldValue | null)[],
  custom: (() => Record<string, FieldValue>) | undefined,
): FieldValueTable =>
  new FieldValueTable(layouts[type], standard, custom ? new CustomValues(undefined, custom) : noCustom);
