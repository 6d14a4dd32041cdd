import type { Holders, LookupHolders, WantedLookup } from '../rules/facts.ts';
import { valuesIdentity } from '../rules/lookups.ts';

/** The results of lookups while they are loaded. */
export class LookupTable implements LookupHolders {
  private readonly found = new Map<string, { readonly ids: Holders; readonly isCut: boolean }>();

  get(lookup: WantedLookup): Holders | undefined {
    return this.found.get(identityOf(lookup))?.ids;
  }

  isCut(lookup: WantedLookup): boolean {
    return this.found.get(identityOf(lookup))?.isCut ?? false;
  }

  /** Sets the ids that a lookup found, newest first; `depth`: their maximum number. */
  set(lookup: WantedLookup, ids: Holders, depth: number): void {
    this.found.set(identityOf(lookup), { ids, isCut: !lookup.all && ids.length >= depth });
  }
}

const identityOf = ({ type, lookup, values }: WantedLookup): string =>
  `${type}/${lookup}/${valuesIdentity(values)}`;
