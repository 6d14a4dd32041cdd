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

/** The holders of keys while they are loaded. */
export class KeyHolderTable implements KeyHolders {
  private readonly fields = new ByField<Map<string, Holders>>();

  get(key: WantedKey): Holders | undefined {
    return this.fields.find(key)?.get(key.value);
  }

  set(key: WantedKey, holders: Holders): void {
    this.fields.of(key, () => new Map()).set(key.value, holders);
  }
}
