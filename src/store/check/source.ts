import type { FieldDefinition, ValueType } from '../../contract/fields.ts';
import type { CountedType, KeyedType, Records, RecordType } from '../../records/all.ts';
import type { Schema } from '../../rules/schema.ts';
import type { UserRow } from '../store.ts';
import type { Findings } from './report.ts';

/** A row, or the reason why it could not be read. */
export type ReadRow<Content> = { readonly id: number } & (
  | { readonly content: Content }
  | { readonly unreadable: string }
);

/** An entry of the index of external keys. */
export interface KeyEntry {
  readonly id: number;
  /** In folded form. */
  readonly name: string;
  readonly value: string;
  readonly loose: boolean;
  readonly spelledName: string | null;
}

/** The checked parts of a journal entry. */
export interface JournalContent {
  readonly at: string;
  readonly rows: unknown;
}

/** The checked parts of a cost. */
export interface CostContent {
  readonly month: string;
  readonly amount: number;
}

export interface CheckedDefinitions {
  readonly schema: Schema;
  readonly keyFields: Readonly<Record<ValueType, readonly FieldDefinition[]>>;
}

/** The counters: ids of objects and costs, and journal numbers. */
export type Counter = CountedType | 'Journal';

/**
 * One read-only snapshot of a database to check. Long lists are read in pages. Reads of damaged parts throw an error
 * that `damageOf` recognizes.
 */
export interface CheckSource {
  /** The name of the database, without credentials. */
  readonly location: string;
  readonly engine: 'sqlite' | 'postgres';
  /** Runs the engine's own integrity check. */
  integrity(findings: Findings): Promise<void>;
  /** Compares tables and indexes with those that the migrations create. */
  checkSchema(findings: Findings): Promise<void>;
  definitions(): Promise<CheckedDefinitions>;
  /**
   * Reads records of a type with ids above `after`, ascending, at most `limit`. Programs come without costs, tags and
   * tokens.
   */
  records<Type extends RecordType>(
    type: Type,
    after: number,
    limit: number,
  ): Promise<ReadRow<Records[Type]>[]>;
  /** Reads the texts of a column in rows with ids above `after`, up to `upTo`; null where there is none. */
  texts(
    table: string,
    column: string,
    after: number,
    upTo: number,
  ): Promise<(readonly [id: number, text: string | null])[]>;
  /** Reads costs of all programs with ids above `after`, ascending, at most `limit`. */
  costs(after: number, limit: number): Promise<ReadRow<CostContent>[]>;
  /** Reads the keys of existing objects with ids above `after`, up to `upTo`, ascending by id. */
  keys(type: KeyedType, after: number, upTo: number): Promise<KeyEntry[]>;
  /** Reads journal entries with numbers above `after`, ascending, at most `limit`. */
  journal(after: number, limit: number): Promise<ReadRow<JournalContent>[]>;
  users(): Promise<UserRow[]>;
  /** Returns the last assigned number; undefined if the counter is missing. */
  lastNumber(counter: Counter): Promise<number | undefined>;
  /** Returns the SQL that raises a counter. */
  raise(counter: Counter, to: number): string;
  /** Runs a query in SQL that both engines understand. Numbers may be returned as text. */
  rows(sql: string): Promise<(string | number | null)[][]>;
  /** Runs a part of the check. The source stays usable if it fails. */
  attempt<T>(work: () => Promise<T>): Promise<T>;
  /** Describes the damage behind an error; undefined if the error says nothing about the database. */
  damageOf(error: unknown): string | undefined;
}

/** Records in memory at a time. */
export const PAGE = 500;

/** Yields the pages of a list. `read` returns at most `PAGE` rows, ascending by id. */
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
