import type { Decision, Facts, JournalEntry, LooseKey, Wanted } from '../rules/facts.ts';
import type { FoundObjects, ObjectQuery } from '../rules/query.ts';
import type { CompanyRecord, LeadRecord, MObjectRecord, ProgramRecord } from '../rules/records.ts';
import type { Schema } from '../rules/schema.ts';

/**
 * Where the objects live. There is one contract and several engines; one conformance suite holds all of them
 * to what is written here.
 *
 * Errors: a method that cannot do its work rejects with `StoreError`; nothing of it was applied then, unless
 * the error says `outcomeUnknown`.
 */
export interface Store {
  /** What it is and how durable, for the first lines of the server and for /readyz. */
  readonly description: StoreDescription;

  /**
   * The one way to write. In one transaction: loads what is wanted, hands it to `decide`, loads more and asks
   * again while `decide` wants more, then writes the changes and the journal entry it returns. When the promise
   * resolves, they are durable.
   *
   * Calls are serialized as far as they touch the same objects, keys or role pairs: of two calls at the same
   * time one sees all that the other wrote, also where the other created what this one looked for.
   *
   * `decide` must be pure: it may run several times, and only its last decision counts. What it throws is
   * thrown on, and nothing is applied.
   */
  apply<Answer>(wanted: Wanted, decide: (facts: Facts) => Decision<Answer>): Promise<Answer>;

  /** Answers a query; all of it from one state of the store. */
  find(query: ObjectQuery): Promise<FoundObjects>;

  /** 32 random bytes that were made with the database: to sign what the server hands out and gets back. */
  secret(): Promise<Uint8Array>;

  /** Fields, tags and channels as they are defined now. */
  schema(): Promise<Schema>;

  /**
   * The same as this process saw it last, without asking the engine: another one may have changed it since. To prepare
   * what `apply` decides, which has that of its own transaction in `Facts.schema`.
   */
  lastSchema(): Promise<Schema>;

  /** Everything that is kept, for an export; each list ascending by id. */
  contents(): Promise<StoreContents>;

  readonly users: UserTable;
  readonly journal: Journal;
  /** The calls that other servers on the same database took; null: the engine has one server at a time. */
  readonly callCounts: CallCountTable | null;
  /** With what another thread of this process opens the same database (`openBeside`); null: none can. */
  readonly access: StoreAccess | null;

  /** Asks the engine whether it can read and write now; rejects when not. */
  ping(): Promise<void>;

  /** Waits for what is under way, writes what is buffered, and lets go of the database. */
  close(): Promise<void>;
}

/** What a thread opens a database with that another one has open; it can be posted to it. */
export interface StoreAccess {
  /** Absolute. */
  readonly path: string;
  /** What tells the file from another one that may since have taken its place. */
  readonly file: { readonly dev: number; readonly ino: number };
  /** By which the threads take turns in writing. */
  readonly turns: SharedArrayBuffer;
}

export interface StoreDescription {
  readonly engine: 'sqlite' | 'postgres';
  /** The database, without credentials. */
  readonly location: string;
  /** One line: what survives what. */
  readonly durability: string;
}

/** All records of a store. */
export interface StoreContents {
  readonly schema: Schema;
  readonly programs: readonly ProgramRecord[];
  readonly companies: readonly CompanyRecord[];
  readonly leads: readonly LeadRecord[];
  readonly opportunities: readonly MObjectRecord[];
  readonly roles: readonly MObjectRecord[];
  /** By type, id and folded name. */
  readonly looseKeys: readonly LooseKey[];
}

/** A user as it is kept: the secret only as `src/access/` has encrypted it. */
export interface UserRow {
  readonly userId: string;
  readonly encryptedSecret: Uint8Array;
  /** UTC, `YYYY-MM-DDTHH:MM:SS.sssZ`. */
  readonly createdAt: string;
}

export interface UserTable {
  /** Ascending by user id. */
  list(): Promise<UserRow[]>;
  find(userId: string): Promise<UserRow | undefined>;
  /** Adds the user, or replaces the one of the same id. */
  put(user: UserRow): Promise<void>;
  /** Resolves to false if there was none. */
  remove(userId: string): Promise<boolean>;
}

/** A journal entry with the number under which it is kept. */
export interface KeptJournalEntry extends JournalEntry {
  readonly number: number;
}

export interface Journal {
  /**
   * Notes a call that changes nothing. Entries are written together a moment later, at the latest after a
   * second and before `close` ends; a killed process can lose those of its last second.
   */
  note(entry: JournalEntry): void;
  /** The newest entries, newest first; with `before`, those older than that number. */
  newest(limit: number, before?: number): Promise<KeptJournalEntry[]>;
  /** How many entries are not older than `at`. */
  countSince(at: string): Promise<number>;
  /** Removes entries older than `at`; resolves to how many. */
  prune(at: string): Promise<number>;
}

/** Calls that were taken, as limits count them. */
export interface CallCounts {
  /** Where the day of `today` begins, in milliseconds since the epoch. */
  readonly day: number;
  /** How many were taken on that day. */
  readonly today: number;
  /** How many have not ended. */
  readonly underWay: number;
  /** Those of the last 20 seconds, in any order. */
  readonly recent: readonly CallBurst[];
}

/** Calls that came close after each other: how many milliseconds ago, at the latest, and how many. */
export type CallBurst = readonly [ago: number, calls: number];

/** Calls under way of a server from which nothing was heard for so long count no more, in milliseconds. */
export const COUNTS_LEASE = 10_000;

/** What each of several servers has counted. Ages are the database's, so servers' clocks may differ. */
export interface CallCountTable {
  /**
   * Makes this server known. `taken`: how many calls of the day were taken by what else is known; those of them that
   * no server has counted are counted as this one's from now on. Resolves to their number.
   */
  join(day: number, taken: number): Promise<number>;
  /** Puts `own` in the place of what this server said last, and resolves to the sum of what the others said. */
  exchange(own: CallCounts): Promise<CallCounts>;
}

/** A step of a database's history. `appliedAt`: UTC, `YYYY-MM-DDTHH:MM:SS.sssZ`; null: not yet. */
export interface MigrationStep {
  readonly number: number;
  readonly name: string;
  readonly appliedAt: string | null;
}

/** Why a store cannot be opened; each is one clear line on the command line. */
export type OpenFailure = 'locked' | 'newer' | 'older' | 'unfinished' | 'unusable';

/** A store that failed. `outcomeUnknown`: the commit was sent and its answer was lost. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly failure: OpenFailure | 'failed';
  readonly outcomeUnknown: boolean;

  constructor(
    message: string,
    options: { failure?: OpenFailure; outcomeUnknown?: boolean; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.failure = options.failure ?? 'failed';
    this.outcomeUnknown = options.outcomeUnknown ?? false;
  }
}
