import type { WantedKey } from './facts.ts';
import type { KeyedType } from './records.ts';

/** Something for each field that keys name. */
export class ByField<Item> {
  private readonly types = new Map<KeyedType, Map<string, Item>>();

  find({ type, name }: WantedKey): Item | undefined {
    return this.types.get(type)?.get(name);
  }

  /** What there is for the field of this key, made now if there is nothing yet. */
  of({ type, name }: WantedKey, make: () => Item): Item {
    let fields = this.types.get(type);
    if (fields === undefined) {
      fields = new Map();
      this.types.set(type, fields);
    }
    let item = fields.get(name);
    if (item === undefined) {
      item = make();
      fields.set(name, item);
    }
    return item;
  }

  *all(): IterableIterator<Item> {
    for (const fields of this.types.values()) yield* fields.values();
  }
}

/** Ids of the objects that hold a key, newest (highest id) first. */
export type Holders = readonly number[];

/** The holders of each key that was asked for. */
export interface KeyHolders {
  /** Undefined: not asked; empty: nobody has it. */
  get(key: WantedKey): Holders | undefined;
}

/** The holders of keys of one field. */
class FieldHolders {
  private readonly keys: WantedKey[] = [];
  private readonly holders: Holders[] = [];
  /** The place of the key that is asked for next, most likely: rows ask for their keys in the order of the wanted. */
  private next = 0;
  /** By value; made when it is first needed, since each text that a map gets is hashed and kept by V8. */
  private byValue: Map<string, Holders> | undefined;

  get(key: WantedKey): Holders | undefined {
    const place = this.keys[this.next] === key ? this.next : this.keys[0] === key ? 0 : undefined;
    if (place !== undefined) {
      this.next = place + 1;
      return this.holders[place];
    }
    this.byValue ??= new Map(this.keys.map(({ value }, index) => [value, this.holders[index] ?? []]));
    return this.byValue.get(key.value);
  }

  set(key: WantedKey, holders: Holders): void {
    this.keys.push(key);
    this.holders.push(holders);
    this.byValue?.set(key.value, holders);
  }
}

/** The holders of keys while they are loaded. A key that is set again has the same holders as before. */
export class KeyHolderTable implements KeyHolders {
  private readonly fields = new ByField<FieldHolders>();

  get(key: WantedKey): Holders | undefined {
    return this.fields.find(key)?.get(key);
  }

  set(key: WantedKey, holders: Holders): void {
    this.fields.of(key, () => new FieldHolders()).set(key, holders);
  }
}
