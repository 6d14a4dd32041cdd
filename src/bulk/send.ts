import { setTimeout as wait } from 'node:timers/promises';
import type { RowResult } from './kinds/record-kind.ts';
import { areRepeatable } from './kinds/record-kind.ts';
import type { ReadyRow } from './read-row.ts';
import { TargetError } from './target.ts';

/** The outcome of a row. */
export interface RowOutcome {
  readonly row: number;
  readonly line: number;
  readonly status: string;
  readonly id: number | null;
  readonly key: string;
  readonly error: string;
}

export interface SendOptions {
  readonly rowsPerCall: number;
  /** Calls at once, at most. */
  readonly concurrency: number;
  /** If true, rows of unknown outcome are sent again; they may then be applied twice. */
  readonly resendUnknown: boolean;
  /** Takes no more rows once it is aborted; calls that are under way are waited for. */
  readonly signal: AbortSignal;
  /** Sends a call once. Returns a result for each row, in order; rejects with `TargetError`. */
  send(rows: readonly ReadyRow[]): Promise<readonly RowResult[]>;
  /** Called before rows are sent that cannot be repeated. */
  mark(rows: readonly ReadyRow[]): Promise<void>;
  /** Called with the outcomes of a call as soon as it is answered. */
  done(outcomes: readonly RowOutcome[]): void;
  /** Called when a call waits: for the server's limits, or for the server. */
  paused(reason: string): void;
}

/** A call with more text would be slow to repeat, and could be over a server's cap on bodies. */
const MAX_CALL_SIZE = 2_000_000;
/** Waits between attempts, in milliseconds: doubled from the first to the longest. */
const FIRST_WAIT = 250;
const LONGEST_WAIT = 10_000;
/** Attempts to reach the server: some minutes. */
const ATTEMPTS = 20;

interface Call {
  readonly rows: readonly ReadyRow[];
  readonly identities: ReadonlySet<string>;
  readonly done: Promise<void>;
}

/**
 * Sends rows in calls, several at once. A call waits for those before it that have a row with one of its identities, so
 * rows of one record are applied in their order. Rejects with the first error that ends it, after the calls under way.
 */
export async function sendRows(rows: AsyncIterable<ReadyRow>, options: SendOptions): Promise<void> {
  const { concurrency, rowsPerCall, signal } = options;
  const underWay = new Set<Call>();
  const deliver = createDelivery(options);
  let failed: { error: unknown } | undefined;

  async function start(batch: readonly ReadyRow[]): Promise<void> {
    const identities = new Set(batch.flatMap((row) => row.identities));
    const conflicts = [...underWay].filter((call) => !call.identities.isDisjointFrom(identities));
    await Promise.all(conflicts.map(({ done }) => done));
    while (underWay.size >= concurrency) await Promise.race(Array.from(underWay, ({ done }) => done));
    if (failed !== undefined || signal.aborted) return;
    const done = deliver(batch).catch((error: unknown) => {
      // A call that the signal kept from being repeated is no failure: its rows are without outcome.
      if (!signal.aborted) failed ??= { error };
    });
    const call = { rows: batch, identities, done };
    underWay.add(call);
    done.then(() => underWay.delete(call));
  }

  let batch: ReadyRow[] = [];
  let size = 0;
  try {
    for await (const row of rows) {
      if (failed !== undefined || signal.aborted) break;
      if (batch.length > 0 && size + row.size > MAX_CALL_SIZE) {
        await start(batch);
        [batch, size] = [[], 0];
      }
      batch.push(row);
      size += row.size;
      if (batch.length === rowsPerCall) {
        await start(batch);
        [batch, size] = [[], 0];
      }
    }
    if (batch.length > 0) await start(batch);
  } finally {
    // Also if the input cannot be read further: their rows have outcomes.
    await Promise.all(Array.from(underWay, ({ done }) => done));
  }
  if (failed !== undefined) throw failed.error;
}

/** Sends a call until it is answered, or can only be given up. */
function createDelivery(options: SendOptions): (rows: readonly ReadyRow[]) => Promise<void> {
  const { send, resendUnknown, signal, mark, done, paused } = options;
  /** All calls keep to the pauses that the server's limits call for. */
  let pausedUntil = 0;

  async function deliver(rows: readonly ReadyRow[]): Promise<void> {
    const isRepeatable = areRepeatable(rows);
    if (!isRepeatable) await mark(rows);
    for (let attempt = 1, waits = 0; ; ) {
      if (signal.aborted && attempt + waits > 1) throw new TargetError('stop', 'ended');
      const pause = pausedUntil - performance.now();
      if (pause > 0) await sleep(pause);
      try {
        const results = await send(rows);
        done(
          rows.map(({ row, line, key }, index) => {
            const { status = '', id = null, error = '' } = results[index] ?? {};
            return { row, line, key, status, id, error };
          }),
        );
        return;
      } catch (error) {
        if (!(error instanceof TargetError)) throw error;
        const longest = Math.min(FIRST_WAIT * 2 ** (attempt + waits - 1), LONGEST_WAIT);
        const pauseFor = longest * (0.5 + Math.random() / 2);
        switch (error.failure) {
          case 'busy':
            waits += 1;
            pausedUntil = Math.max(pausedUntil, performance.now() + pauseFor);
            paused(error.message);
            continue;
          case 'unreachable':
          case 'unknown': {
            const mayRepeat = error.failure === 'unreachable' || isRepeatable || resendUnknown;
            if (!mayRepeat || attempt === ATTEMPTS) throw error;
            attempt += 1;
            paused(error.message);
            await sleep(pauseFor);
            continue;
          }
          case 'refused':
            await deliverParts(rows, error);
            return;
          default:
            throw error;
        }
      }
    }
  }

  /** Finds the row that the server refuses the call for. */
  async function deliverParts(rows: readonly ReadyRow[], error: TargetError): Promise<void> {
    const [first, second] = rows;
    if (first === undefined) return;
    if (second === undefined) {
      const { row, line, key } = first;
      done([{ row, line, key, status: 'FAILED', id: null, error: error.message }]);
      return;
    }
    const middle = Math.ceil(rows.length / 2);
    await deliver(rows.slice(0, middle));
    await deliver(rows.slice(middle));
  }

  /** Waits, until the signal comes. */
  const sleep = (milliseconds: number) => wait(milliseconds, undefined, { signal }).catch(() => {});

  return deliver;
}
