import type { ContentSection, RecordsBySection, RecordType } from '../records/all.ts';
import type { Decision, Facts, JournalEntry, LooseKey, Wanted } from '../rules/facts.ts';
import type { ListedRecords, ListFilter, ListQuery } from '../rules/list-query.ts';
import type { FoundObjects, ObjectQuery } from '../rules/query.ts';
import type { Schema } from '../rules/schema.ts';
import type { Browsing } from './browsing.ts';
import type { CallFilter, FoundCalls, KeptJournalEntry } from './calls.ts';
import type { Rewinding } from './rewinding.ts';

export type { KeptJournalEntry };

/**
 * An open database. All engines fulfil this contract and pass one conformance suite. Who needs a part of it takes that
 * part only.
 *
 * A method that fails rejects with `StoreError`, and nothing was applied unless the error says `outcomeUnknown`.
 */
export interface Store extends Objects, Export, ServerSecret, Health {
  /** Name and durability, for the startup message and /readyz. */
  readonly description: StoreDescription;
  readonly users: UserTable;
  readonly journal: Journal;
  /** Reads objects for people, without delaying calls. */
  readonly browsing: Browsing;
  readonly bodies: CallBodies;
  readonly traffic: Traffic;
  /** Snapshots, restore and reset. */
  readonly rewinding: Rewinding;
  /** The call counts of other servers on this database; null if the engine allows one server only. */
  readonly callCounts: CallCountTable | null;
  /** Lets another thread of this process open the database (`openBeside`); null if that is impossible. */
  readonly access: StoreAccess | null;

  /** Waits for running work, writes buffered entries, and closes the database. */
  close(): Promise<void>;
}

/** The objects and their definitions. */
export interface Objects {
  /**
   * The only way to write. In one transaction: loads the wanted records, calls `decide`, loads more and calls it
   * again while it asks for more, then writes the returned changes and journal entry. They are durable when the
   * promise resolves. The entry of a call that changes nothing and refuses no row is noted (`Journal.note`).
   *
   * Calls that touch the same objects, keys or lookups are serialized: of two concurrent calls, one sees all
   * changes of the other, including objects that it looked for and did not find.
   *
   * `decide` must be pure: it may run several times, and only its last decision counts. Its exceptions are rethrown,
   * and nothing is applied.
   */
  apply<Answer>(wanted: Wanted, decide: (facts: Facts) => Decision<Answer>): Promise<Answer>;

  /** Runs a query. Each object is answered as it is at one moment during the call, not all at the same one. */
  find(query: ObjectQuery, options?: FindOptions): Promise<FoundObjects>;

  /**
   * Returns a page of records of any declared type, as they are at one moment; a page out of a range of very many
   * records may be read in steps, each record as it is at one moment during the call.
   */
  list<Type extends RecordType>(query: ListQuery<Type>): Promise<ListedRecords<Type>>;

  /** Counts the records that meet conditions, very many of a range in steps. `atMost`: up to this many. */
  count(filter: ListFilter, atMost?: number): Promise<number>;

  /** Returns the current definitions of fields, tags and channels. */
  schema(): Promise<Schema>;

  /**
   * Returns the last definitions that this process saw, without a query; another process may have changed them.
   * Prepares decisions of `apply`, which gets those of its own transaction in `Facts.schema`.
   */
  lastSchema(): Promise<Schema>;
}

export interface FindOptions {
  /** False: a query that would first make an index is rejected with `IndexNeeded`. Default: true. */
  readonly mayIndex?: boolean;
}

/** A query needs an index that is not there. */
export class IndexNeeded extends Error {
  override readonly name = 'IndexNeeded';

  constructor() {
    super('the query would first make an index of what it compares, for itself and later ones');
  }
}

/** Everything at once, for an instance file. */
export interface Export {
  /** Reads everything as it is at one moment; each list ascending by id. */
  contents(): Promise<StoreContents>;
}

export interface ServerSecret {
  /**
   * Returns 32 random bytes that were created with the database, to sign what the server hands out and gets back.
   */
  secret(): Promise<Uint8Array>;
}

export interface Health {
  /** Tests reading and writing; rejects on failure. */
  ping(): Promise<void>;
}

/** Access to a database that another thread has open. Can be posted to a thread. */
export interface StoreAccess {
  /** Absolute. */
  readonly path: string;
  /** Identifies the file, in case another one has since taken its place. */
  readonly file: { readonly dev: number; readonly ino: number };
  /** Shared state of the writer mutex. */
  readonly writerMutex: SharedArrayBuffer;
}

export interface StoreDescription {
  readonly engine: 'sqlite' | 'postgres';
  /** The database, without credentials. */
  readonly location: string;
  /** One line on durability. */
  readonly durability: string;
}

/** All that an instance file holds. */
export type StoreContents = {
  readonly schema: Schema;
  /** Sorted by type, id and folded name. */
  readonly looseKeys: readonly LooseKey[];
} & { readonly [Section in ContentSection]: readonly RecordsBySection[Section][] };

/** A stored user. The secrets are encrypted by `src/access/`, which can put several into one text. */
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
  /** Adds the user; resolves to false and changes nothing if the user exists. */
  add(user: UserRow): Promise<boolean>;
  /** Adds or replaces the user. */
  put(user: UserRow): Promise<void>;
  /** Replaces the secret of a user; resolves to false and changes nothing unless it is still `before`. */
  replace(user: UserRow, before: Uint8Array): Promise<boolean>;
  /** Resolves to false if the user did not exist. */
  remove(userId: string): Promise<boolean>;
}

export interface Journal {
  /**
   * Adds the entry of a call that changes nothing. Entries are written in batches, within a second and before `close`
   * ends; a killed process can lose those of its last second.
   */
  note(entry: JournalEntry): void;
  /** Returns the newest entries, newest first; with `before`, those with lower numbers. */
  newest(limit: number, before?: number): Promise<KeptJournalEntry[]>;
  /** Finds calls, newest first, at most `limit`. */
  find(filter: CallFilter, limit: number): Promise<FoundCalls>;
  /** Returns entries with numbers above `after`, ascending, at most `limit`. */
  after(number: number, limit: number): Promise<KeptJournalEntry[]>;
  /** Returns the entry of this number. */
  entry(number: number): Promise<KeptJournalEntry | undefined>;
  /** Counts entries that are not older than `at`. */
  countSince(at: string): Promise<number>;
  /**
   * Removes entries older than `at` and resolves to their number. They are removed in batches, so that calls are served
   * meanwhile; none follows once `signal` is aborted.
   */
  prune(at: string, signal?: AbortSignal): Promise<number>;
}

/** Request and answer of a call, as stored. */
export interface CallBody {
  readonly number: number;
  readonly callId: string;
  /** UTC, `YYYY-MM-DDTHH:MM:SS.sssZ`. */
  readonly at: string;
  readonly request: Uint8Array;
  readonly answer: Uint8Array;
}

/** Requests and answers of calls. They are kept for a time, and may be gone before their journal entry. */
export interface CallBodies {
  add(body: Omit<CallBody, 'number'>): Promise<void>;
  /** Returns the newest of a call. */
  find(callId: string): Promise<CallBody | undefined>;
  /** Returns which of these calls have some. */
  which(callIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** Removes the oldest until the others have no more bytes than this. */
  shrink(bytes: number): Promise<void>;
  /** Removes those that are older than `at`. */
  prune(at: string): Promise<void>;
}

/** The calls of one run of a server in a span of time. */
export interface TrafficRow {
  /** In seconds: 60 or 3600. */
  readonly span: number;
  /** When the span begins; UTC, `YYYY-MM-DDTHH:MM:SS.sssZ`. */
  readonly since: string;
  /** Tells the runs of servers apart. */
  readonly run: string;
  /** JSON; the server gives it its form. */
  readonly content: object;
}

/** Counts of calls by time, from all servers. */
export interface Traffic {
  /** Adds rows, and replaces those of the same span, time and run. */
  put(rows: readonly TrafficRow[]): Promise<void>;
  /** Returns the rows of a span that begin at `since` or later and before `until`, ascending by time and run. */
  read(span: number, since: string, until: string): Promise<TrafficRow[]>;
  /** Removes the rows of a span that begin before `at`. */
  prune(span: number, at: string): Promise<void>;
}

/** Counts of admitted calls. */
export interface CallCounts {
  /** Start of the day of `today`, in milliseconds since the epoch. */
  readonly day: number;
  /** Calls admitted on that day. */
  readonly today: number;
  /** Calls still running. */
  readonly underWay: number;
  /** Calls of the last 20 seconds, in any order. */
  readonly recent: readonly CallBurst[];
}

/** A burst of calls: the age of the last one in milliseconds, and their number. */
export type CallBurst = readonly [ago: number, calls: number];

/** Time in milliseconds after which the running calls of a silent server no longer count. */
export const COUNTS_LEASE = 10_000;

/**
 * The call counts of several servers. Ages are measured by the database's clock, so servers' clocks may differ.
 */
export interface CallCountTable {
  /**
   * Registers this server. `taken`: the calls of the day according to the journal; those that no server counted are
   * assigned to this one. Resolves to their number.
   */
  join(day: number, taken: number): Promise<number>;
  /** Replaces this server's counts by `own`, and resolves to the sum of the other servers' counts. */
  exchange(own: CallCounts): Promise<CallCounts>;
}

/** Receives messages that a store cannot report to a caller. Compatible with pino's loggers. */
export interface StoreLog {
  warn(details: object, message: string): void;
}

/** The options of opening a store. */
export interface OpenOptions {
  readonly log?: StoreLog;
  /** Keeps other servers away, where the engine has one server at a time: SQLite. */
  readonly asServer?: boolean;
}

/** A migration step. `appliedAt`: UTC, `YYYY-MM-DDTHH:MM:SS.sssZ`; null if pending. */
export interface MigrationStep {
  readonly number: number;
  readonly name: string;
  readonly appliedAt: string | null;
}

/** The reason why a store cannot be opened; each has one clear line on the command line. */
export type OpenFailure = 'locked' | 'newer' | 'older' | 'unfinished' | 'unusable';

/** An error of the store. `outcomeUnknown`: the commit was sent and its response was lost. */
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
