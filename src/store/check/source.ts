import type { FieldDefinition, StoredType } from '../../contract/fields.ts';
import type { CountedType } from '../../rules/facts.ts';
import type { KeyedType, Records, RecordType } from '../../rules/records.ts';
import type { Schema } from '../../rules/schema.ts';
import type { UserRow } from '../store.ts';
import type { Findings } from './report.ts';

/** A row that was read, or why it could not be. */
export type ReadRow<Content> = { readonly id: number } & (
  | { readonly content: Content }
  | { readonly unreadable: string }
);

/** An entry of the index of external keys. */
export interface KeyEntry {
  readonly id: number;
  /** Folded. */
  readonly name: string;
  readonly value: string;
  readonly loose: boolean;
  readonly spelledName: string | null;
}

/** What the journal keeps of a call, as far as it is checked. */
export interface JournalContent {
  readonly at: string;
  readonly rows: unknown;
}

/** What is kept of a cost, as far as it is checked. */
export interface CostContent {
  readonly month: string;
  readonly amount: number;
}

export interface CheckedDefinitions {
  readonly schema: Schema;
  readonly keyFields: Readonly<Record<StoredType, readonly FieldDefinition[]>>;
}

/** What gives out numbers: the ids of objects and costs, and the journal's. */
export type Counter = CountedType | 'Journal';

/**
 * A database that is checked: read-only, and all of it from one state. Lists that can be long are read in pages.
 * What cannot be read because the database is damaged throws an error for which `damageOf` has words.
 */
export interface CheckSource {
  /** The database, without credentials. */
  readonly location: string;
  readonly engine: 'sqlite' | 'postgres';
  /** Has the engine look at its own structures. */
  integrity(findings: Findings): Promise<void>;
  /** Compares tables and indexes with those that the migrations make. */
  form(findings: Findings): Promise<void>;
  definitions(): Promise<CheckedDefinitions>;
  /** The records of a type with ids above `after`, ascending, at most `limit`. Programs come without their parts. */
  records<Type extends RecordType>(
    type: Type,
    after: number,
    limit: number,
  ): Promise<ReadRow<Records[Type]>[]>;
  /** The costs of all programs with ids above `after`, ascending, at most `limit`. */
  costs(after: number, limit: number): Promise<ReadRow<CostContent>[]>;
  /** The keys of objects that are there, with ids above `after` up to `upTo`, ascending by id. */
  keys(type: KeyedType, after: number, upTo: number): Promise<KeyEntry[]>;
  /** The entries of the journal with numbers above `after`, ascending, at most `limit`. */
  journal(after: number, limit: number): Promise<ReadRow<JournalContent>[]>;
  users(): Promise<UserRow[]>;
  /** The last number given out; undefined if what counts is not there. */
  lastNumber(counter: Counter): Promise<number | undefined>;
  /** How to raise a counter, as SQL. */
  raise(counter: Counter, to: number): string;
  /** The rows of a query that both engines understand. Numbers may come as text. */
  rows(sql: string): Promise<(string | number | null)[][]>;
  /** Runs a part of the check; one that fails leaves the source usable. */
  attempt<T>(work: () => Promise<T>): Promise<T>;
  /** What an error says about damage; undefined: it says nothing about the database. */
  damageOf(error: unknown): string | undefined;
}

/** So many records are in memory at a time. */
export const PAGE = 500;

/** Every page of a list, one after the other. `read` answers at most `PAGE` rows, ascending by id. */
export async function* pagesOf<Content>(
  read: (after: number, limit: number) => Promise<ReadRow<Content>[]>,
): AsyncGenerator<{ readonly after: number; readonly last: number; readonly rows: ReadRow<Content>[] }> {
  for (let after = Number.MIN_SAFE_INTEGER; ; ) {
    const rows = await read(after, PAGE);
    const last = rows.at(-1)?.id;
    if (last === undefined) return;
    yield { after, last, rows };
    after = last;
  }
}
