import type { BrowsePosition, BrowseSubject } from '../browsing.ts';
import type { BrowseSyntax } from './sql.ts';

/** An object of a page: its id and the value that it is sorted by. */
export type Browsed = BrowsePosition;

/** The ids of a page, and where the next one continues. */
export interface BrowsedIds {
  readonly found: readonly Browsed[];
  readonly next: BrowsePosition | null;
}

/** A row of a statement: id, sort value, and whether the conditions hold, if that was asked. */
export interface BrowseRow extends Browsed {
  readonly matches: boolean;
}

/** The part of browsing that each engine does itself. */
export interface BrowseEngine<Value> {
  syntax(): BrowseSyntax<Value>;
  /** Runs a statement that selects id, the sort value, and optionally a condition. */
  rows(sql: string, values: readonly Value[], sort: BrowseSubject): BrowseRow[] | Promise<BrowseRow[]>;
  /** Runs a statement with one integer as its result. */
  number(sql: string, values: readonly Value[]): number | Promise<number>;
  /** Returns the clause that forces the index of a column; undefined: no index begins with it. */
  index(table: string, column: string): string | undefined | Promise<string | undefined>;
  /** Returns whether a field is in the index of external keys. */
  isKeyField(type: string, field: string): boolean | Promise<boolean>;
  /** The clause that forbids indexes but that of ids. */
  readonly byIds: string;
  /** Reads ranges of ids in turn when every object must be read; otherwise one statement does. */
  readonly inChunks: boolean;
  /** Lets other work run. */
  turn(): Promise<void>;
}

/** The objects, or ids, of a first step, and of the smallest one. */
export const FIRST_STEP = 500;
export const SMALLEST_STEP = 50;
/** The objects of the largest step that also reads those that do not match. */
export const LARGEST_STEP = 20_000;
/** A page ends early only after it has read this much: on a slow machine, small lists stay whole. */
export const ENOUGH = 2_000;
/** The time that a step should take, in milliseconds; if every object must be read, a longer one. */
export const STEP_TIME = 10;
export const SCAN_STEP_TIME = 40;
