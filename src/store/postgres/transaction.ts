import { setTimeout as wait } from 'node:timers/promises';
import type pg from 'pg';
import { StoreError } from '../store.ts';
import type { Connected } from './connect.ts';
import { isLost, isRefusal, isSilent, isTransient, isUnsent, storeError } from './errors.ts';
import type { Row } from './sql.ts';

/** A running transaction. */
export interface Transaction {
  /** Sends statements in one round trip. Resolves to the rows of each. */
  run(...statements: string[]): Promise<Row[][]>;
  /**
   * Sends the last statements and the commit in one round trip. All writes whose outcome the caller needs to know belong
   * here: without statements, the work is retried if the answer is lost.
   */
  commit(...statements: string[]): Promise<Row[][]>;
}

/** Runs transactions. Errors are converted to `StoreError`. */
export interface Guard {
  /**
   * Runs `work` in a transaction. If `work` throws before the commit is sent, nothing is applied. Retries after a
   * deadlock, a serialization failure, a `RetryTransaction`, or a connection lost before a commit with statements was
   * sent; rejects with any other error. Once that is sent, only the database's answer tells the outcome.
   */
  write<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;
  /** Runs the statements in one round trip, on one snapshot. */
  read(...statements: string[]): Promise<Row[][]>;
  /** Waits for running work, then closes all connections. */
  end(): Promise<void>;
}

/** Wraps an error that `Guard` passes on unchanged. */
export class CallerError {
  readonly error: unknown;
  constructor(error: unknown) {
    this.error = error;
  }
}

/** Thrown to roll back a transaction and retry it at once. */
export class RetryTransaction extends Error {
  override readonly name = 'RetryTransaction';
}

/** The maximum number of attempts, in all and after lost connections. */
const TRIES = 12;
const LOST_TRIES = 3;

/** Every cell is read in text form. */
const types: pg.CustomTypesConfig = { getTypeParser: () => (cell: unknown) => cell };

/** Manages the transactions of a pool. */
export function transactions({ pool, location, bounds }: Connected): Guard {
  /** Timeouts of one transaction, so that a stuck or vanished server does not hold locks for long. */
  const limits =
    `SELECT set_config('statement_timeout', '${bounds.statement}', true), ` +
    `set_config('idle_in_transaction_session_timeout', '${bounds.statement}', true)`;
  let ended: Promise<void> | undefined;

  async function connect(): Promise<pg.PoolClient> {
    if (ended !== undefined) throw new StoreError(`PostgreSQL database ${location} is closed`);
    return pool.connect();
  }

  async function attempt<T>(work: (transaction: Transaction) => Promise<T>, progress: Progress): Promise<T> {
    const client = await connect();
    let begun = false;
    let broken = false;
    progress.committing = false;
    const begin = () => {
      const statements = begun ? [] : ['BEGIN ISOLATION LEVEL READ COMMITTED', limits];
      begun = true;
      return statements;
    };
    try {
      return await work({
        async run(...statements) {
          const first = begin();
          return (await send(client, [...first, ...statements])).slice(first.length);
        },
        async commit(...statements) {
          const first = begin();
          progress.committing = statements.length > 0;
          const answers = await send(client, [...first, ...statements, 'COMMIT']);
          begun = false;
          return answers.slice(first.length, -1);
        },
      });
    } catch (error) {
      broken = isUseless(error);
      if (begun && !broken) broken = await failed(() => send(client, ['ROLLBACK']));
      throw error;
    } finally {
      client.release(broken);
    }
  }

  return {
    async write(work) {
      let lost = 0;
      for (let tries = 1; ; tries += 1) {
        const progress: Progress = { committing: false };
        try {
          return await attempt(work, progress);
        } catch (error) {
          if (error instanceof CallerError) throw error.error;
          if (progress.committing && !isRefusal(error) && !isUnsent(error))
            throw storeError(error, location, true);
          const isBusy = error instanceof RetryTransaction || isTransient(error);
          if (isLost(error)) lost += 1;
          const mayRepeat = isBusy ? tries < TRIES : isLost(error) && lost < LOST_TRIES;
          if (!mayRepeat) throw isBusy ? tooBusy(location, error) : storeError(error, location);
          if (!(error instanceof RetryTransaction) || tries > 3)
            await wait(Math.random() * Math.min(200, 5 * 2 ** tries));
        }
      }
    },
    async read(...statements) {
      for (let tries = 1; ; tries += 1) {
        let client: pg.PoolClient | undefined;
        let broken = false;
        try {
          client = await connect();
          const begin = ['BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', limits];
          return (await send(client, [...begin, ...statements, 'COMMIT'])).slice(begin.length, -1);
        } catch (error) {
          const connection = client;
          broken = isUseless(error);
          if (connection !== undefined && !broken) {
            broken = await failed(() => send(connection, ['ROLLBACK']));
          }
          if (!isLost(error) || tries >= LOST_TRIES) throw storeError(error, location);
        } finally {
          client?.release(broken);
        }
      }
    },
    end() {
      ended ??= pool.end();
      return ended;
    },
  };
}

interface Progress {
  committing: boolean;
}

const failed = (work: () => Promise<unknown>): Promise<boolean> =>
  work().then(
    () => false,
    () => true,
  );

/** Returns whether the connection is unusable after this error. */
const isUseless = (error: unknown): boolean => isLost(error) || isSilent(error);

const tooBusy = (location: string, cause: unknown) =>
  new StoreError(
    `PostgreSQL database ${location}: other calls kept changing the same objects, ${TRIES} times in a row; ` +
      'nothing was applied, send it again',
    { cause },
  );

/** Sends statements as one simple query: one round trip, and no session state that a pooler could lose. */
export async function send(client: pg.ClientBase, statements: readonly string[]): Promise<Row[][]> {
  const answer = await client.query({ text: statements.join(';\n'), rowMode: 'array', types });
  const answers = (Array.isArray(answer) ? answer : [answer]) as unknown as { rows: Row[] }[];
  return answers.map(({ rows }) => rows);
}
