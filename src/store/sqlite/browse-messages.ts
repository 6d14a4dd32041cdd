import type { StoredType } from '../../contract/fields.ts';
import type { BrowsedIds } from '../browse/engine.ts';
import type { BrowseQuery, BrowseTotal, Mentions, ObjectKeys, TotalsQuery } from '../browsing.ts';
import type { CallFilter, FoundCalls } from '../calls.ts';
import type { OpenFile } from './checkpoints.ts';

/** The work of the thread that browses. */
export interface BrowseWork {
  ids(query: BrowseQuery): Promise<BrowsedIds>;
  count(table: string): Promise<number>;
  keys(of: { readonly type: StoredType; readonly id: number }): Promise<ObjectKeys>;
  mentions(of: MentionsQuery): Promise<Mentions>;
  totals(query: TotalsQuery): Promise<BrowseTotal[]>;
  calls(of: CallsQuery): Promise<FoundCalls>;
}
export interface MentionsQuery {
  readonly type: string;
  readonly id: number;
  readonly before: number | undefined;
  readonly limit: number;
}
export interface CallsQuery {
  readonly filter: CallFilter;
  readonly limit: number;
}
export type BrowseWorkName = keyof BrowseWork;

export type BrowseThreadData = OpenFile;

/** A question for the thread; undefined: end. */
export type BrowseQuestion =
  | {
      readonly number: number;
      readonly name: BrowseWorkName;
      readonly argument: unknown;
    }
  | undefined;

/** The answer with the same number. `error`: its name and message. */
export type BrowseAnswer = { readonly number: number } & (
  | { readonly result: unknown }
  | { readonly error: { readonly name: string; readonly message: string } }
);
