import type { RecordType } from '../records/all.ts';
import type { Holders, LookupHolders, WantedLookup } from '../rules/facts.ts';
import { valuesIdentity } from '../rules/lookups.ts';

/** The records that one lookup found. */
interface Found {
  readonly ids: Holders;
  readonly isCut: boolean;
}

/** The results of lookups while they are loaded. */
export class LookupTable implements LookupHolders {
  /** Type and lookup → identity of values → ids. */
  private readonly found = new Map<RecordType, Map<string, Map<string, Found>>>();

  get(lookup: WantedLookup): Holders | undefined {
    return this.foundBy(lookup)?.ids;
  }

  isCut(lookup: WantedLookup): boolean {
    return this.foundBy(lookup)?.isCut ?? false;
  }

  /** Sets the ids that a lookup found, newest first; `depth`: their maximum number. */
  set({ type, lookup, values, all }: WantedLookup, ids: Holders, depth: number): void {
    const found = { ids, isCut: !all && ids.length >= depth };
    const identity = valuesIdentity(values);
    const ofType = this.found.get(type) ?? new Map<string, Map<string, Found>>();
    const ofLookup = ofType.get(lookup) ?? new Map<string, Found>();
    this.found.set(type, ofType.set(lookup, ofLookup.set(identity, found)));
  }

  private foundBy({ type, lookup, values }: WantedLookup): Found | undefined {
    return this.found.get(type)?.get(lookup)?.get(valuesIdentity(values));
  }
}

const identityOf = ({ type, lookup, values }: WantedLookup): string =>
  `${type}/${lookup}/${valuesIdentity(values)}`;

/** Returns each lookup once, since each costs a search: calls ask for one again with every row that needs it. */
export function distinctLookups(lookups: readonly WantedLookup[]): readonly WantedLookup[] {
  if (lookups.length < 2) return lookups;
  const byIdentity = new Map<string, WantedLookup>();
  for (const lookup of lookups) {
    const identity = identityOf(lookup);
    if (lookup.all || !byIdentity.has(identity)) byIdentity.set(identity, lookup);
  }
  return byIdentity.size === lookups.length ? lookups : [...byIdentity.values()];
}
