import type { KeyedType } from '../records/all.ts';
import type { Holders, KeyHolders, WantedKey } from '../rules/facts.ts';

/** A map from fields, as keys name them, to items. */
export class ByField<Item> {
  private readonly types = new Map<KeyedType, Map<string, Item>>();

  find({ type, name }: WantedKey): Item | undefined {
    return this.types.get(type)?.get(name);
  }

  /** Returns the item of this key's field, and creates it if there is none yet. */
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

/** The holders of keys of one field. */
class FieldHolders {
  private readonly keys: WantedKey[] = [];
  private readonly holders: Holders[] = [];
  /** The index of the key that is probably asked for next: rows ask for their keys in the order of `Wanted.keys`. */
  private next = 0;
  /** By value. Built on first use, because V8 hashes and keeps each text that becomes a map key. */
  private byValue: Map<string, Holders> | undefined;
  private readonly cut = new Set<string>();
  private round = 0;

  get(key: WantedKey): Holders | undefined {
    if (this.byValue === undefined && this.keys[this.next] === key) return this.holders[this.next++];
    return this.allByValue().get(key.value);
  }

  isCut({ value }: WantedKey): boolean {
    return this.cut.has(value);
  }

  set(key: WantedKey, holders: Holders, isCut: boolean, round: number): void {
    // The holders found in a later round replace earlier ones.
    if (round > this.round && this.keys.length > 0) this.allByValue();
    this.round = round;
    this.keys.push(key);
    this.holders.push(holders);
    this.byValue?.set(key.value, holders);
    if (isCut) this.cut.add(key.value);
    else if (this.cut.size > 0) this.cut.delete(key.value);
  }

  private allByValue(): Map<string, Holders> {
    this.byValue ??= new Map(this.keys.map(({ value }, index) => [value, this.holders[index] ?? []]));
    return this.byValue;
  }
}

/** The holders of keys while they are loaded. */
export class KeyHolderTable implements KeyHolders {
  private readonly fields = new ByField<FieldHolders>();
  private round = 0;

  /** Begins another round of loading after a decision. */
  nextRound(): void {
    this.round++;
  }

  get(key: WantedKey): Holders | undefined {
    return this.fields.find(key)?.get(key);
  }

  isCut(key: WantedKey): boolean {
    return this.fields.find(key)?.isCut(key) ?? false;
  }

  /** Sets the holders of a key; in a later round they may differ from earlier ones. */
  set(key: WantedKey, holders: Holders, isCut: boolean): void {
    this.fields.of(key, () => new FieldHolders()).set(key, holders, isCut, this.round);
  }
}
