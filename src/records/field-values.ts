import { byStoredType, type FieldDefinition, type StoredType, standardFields } from '../contract/fields.ts';

/**
 * A value as it is kept: text types as string, integer, float and currency as number, boolean as boolean,
 * date as `YYYY-MM-DD`, datetime as a `UtcTime`, reference as the id. No value is no entry.
 */
export type FieldValue = string | number | boolean;

/**
 * Returns the text by which a value is found as an external key: one text for each value, however it was written
 * (501 = 501.00, 1 = true).
 */
export const keyText = (value: FieldValue): string => String(value);

const withoutId = (type: StoredType) => standardFields[type].filter(({ name }) => name !== 'Id');

/** The standard fields of a type that have a value, in describe's order: `Id` is the record's own. */
export const valueFields: Readonly<Record<StoredType, readonly FieldDefinition[]>> = byStoredType(withoutId);

/** The values of an opportunity or role, by field name in describe's spelling. `Id` is not among them. */
export interface FieldValues {
  /** Those of the standard fields, in the order of `valueFields`; null: none. */
  readonly standard: readonly (FieldValue | null)[];
  /** Those of other fields. */
  readonly custom: ReadonlyMap<string, FieldValue>;
  get(name: string): FieldValue | undefined;
  has(name: string): boolean;
  /** Whether the other table has the same value, or none either. */
  agrees(name: string, other: FieldValues): boolean;
  /** Whether the custom fields of the other table have the same values. */
  agreesInCustom(other: FieldValues): boolean;
  /** Whether all fields of the other table, of the same type, have the same values. */
  equals(other: FieldValues): boolean;
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

const layouts: Readonly<Record<StoredType, Layout>> = byStoredType(layoutOf);

type Values = ReadonlyMap<string, FieldValue>;

/** Values of custom fields, which several tables may share. A row of the store has them as text, read on first need. */
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
 * Values that can be changed, until they are part of a record. They stand as in a row of the store, so that a row is
 * read, copied and compared without looking at names.
 */
export class FieldValueTable implements FieldValues {
  readonly standard: (FieldValue | null)[];
  #custom: CustomValues;
  /** The map of `#custom`, as long as no other table shares it. */
  #own: Map<string, FieldValue> | undefined;
  readonly #layout: Layout;

  /** `standard`: one for each of the layout's names; it belongs to the table from now on. */
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

/**
 * A table of a type's fields out of a row: `standard` has one value for each of `valueFields`; `custom` reads those of
 * other fields, when they are first asked for; undefined: there are none.
 */
export const fieldValuesOfRow = (
  type: StoredType,
  standard: (FieldValue | null)[],
  custom: (() => Record<string, FieldValue>) | undefined,
): FieldValueTable =>
  new FieldValueTable(layouts[type], standard, custom ? new CustomValues(undefined, custom) : noCustom);
