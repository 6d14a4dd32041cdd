import type { Changes, Facts, Wanted } from './facts.ts';

/** The plan of one call. Pure: `decide` may be called any number of times. */
export interface Plan<Results> {
  /** The data to load first. */
  readonly wanted: Wanted;
  /** Decides on the loaded data. Throws a `SoapFault` to refuse the whole call. */
  decide(facts: Facts): Decided<Results>;
}

/** The result of deciding a call: a request for more data, or the changes and the call's results. */
export type Decided<Results> = { readonly more: Wanted } | ({ readonly changes: Changes } & Results);

/** Changes nothing. */
export const noChanges: Changes = { records: [], looseKeys: [], newFields: [] };

/** Loads nothing up front. */
export const emptyWanted: Wanted = { ids: {}, keys: [], newIds: {}, depth: 1 };
