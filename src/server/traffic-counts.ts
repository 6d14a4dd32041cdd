import { randomUUID } from 'node:crypto';
import type { RowStatus } from '../contract/enumerations.ts';
import type { Traffic, TrafficRow } from '../store/store.ts';
import type { CallTrace } from './call-trace.ts';
import type { Logger } from './log.ts';

/** The calls of one operation in a span of time. */
export interface OperationCounts {
  calls: number;
  /** By code. */
  faults: Record<string, number>;
  rows: { [Status in RowStatus]?: number };
  /** Calls by duration: `times[i]` took less than `timeLimit(i)` milliseconds. */
  times: number[];
}

/** By operation. */
export type SpanCounts = Record<string, OperationCounts>;

/** The spans that are counted, in seconds. */
export const MINUTE = 60;
export const HOUR = 3600;

/** Durations are counted in steps of a factor of √2, from a quarter of a millisecond to a minute. */
const STEPS = 36;
/** In milliseconds. */
export const timeLimit = (step: number): number => 0.25 * 2 ** (step / 2);
const stepOf = (milliseconds: number): number =>
  Math.min(STEPS, Math.max(0, Math.floor(2 * Math.log2(Math.max(milliseconds, 0.01) / 0.25)) + 1));

/** Counts calls by minute and hour, for the overview. A killed process loses those of its last seconds. */
export interface TrafficCounts {
  count(trace: CallTrace, milliseconds: number): void;
  /** Writes what has been counted since. Rejects if that fails; it is then written with the next counts. */
  flush(): Promise<void>;
  /** Ends writing, with what has been counted. */
  close(): Promise<void>;
}

const WRITE_EVERY = 5_000;
const PRUNE_EVERY = 3_600_000;
/** For how long minutes are kept, in milliseconds; hours are kept longer. */
const MINUTES_KEPT = 48 * 3_600_000;
const HOURS_KEPT = 400 * 24 * 3_600_000;

export interface TrafficCountsParts {
  readonly traffic: Traffic;
  readonly logger: Logger;
  readonly now: () => Date;
}

export function createTrafficCounts({ traffic, logger, now }: TrafficCountsParts): TrafficCounts {
  const run = randomUUID();
  /** By span, and the number of spans before them. */
  const open = new Map<number, TrafficRow & { content: SpanCounts; isChanged: boolean }>();
  let lastPrune = 0;
  let timer: NodeJS.Timeout | undefined;

  function add(span: number, at: number, trace: CallTrace, milliseconds: number): void {
    const number = Math.floor(at / (span * 1000));
    const key = number * 10_000 + span;
    let row = open.get(key);
    if (row === undefined) {
      const since = new Date(number * span * 1000).toISOString();
      row = { span, since, run, content: {}, isChanged: true };
      open.set(key, row);
    }
    row.isChanged = true;
    const operation = trace.known ? (trace.operation ?? 'unknown') : 'unknown';
    row.content[operation] ??= { calls: 0, faults: {}, rows: {}, times: [] };
    const counts = row.content[operation];
    counts.calls += 1;
    if (trace.fault) counts.faults[trace.fault.code] = (counts.faults[trace.fault.code] ?? 0) + 1;
    for (const [status, many] of trace.rows) counts.rows[status] = (counts.rows[status] ?? 0) + many;
    const step = stepOf(milliseconds);
    while (counts.times.length <= step) counts.times.push(0);
    counts.times[step] = (counts.times[step] ?? 0) + 1;
  }

  async function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const changed = [...open.values()].filter(({ isChanged }) => isChanged);
    for (const row of changed) row.isChanged = false;
    try {
      await traffic.put(changed.map(({ span, since, content }) => ({ span, since, run, content })));
    } catch (error) {
      for (const row of changed) row.isChanged = true;
      throw error;
    }
    const time = now().getTime();
    for (const [key, { span, since, isChanged }] of open) {
      if (!isChanged && Date.parse(since) + span * 1000 < time) open.delete(key);
    }
    if (time - lastPrune < PRUNE_EVERY) return;
    lastPrune = time;
    await traffic.prune(MINUTE, new Date(time - MINUTES_KEPT).toISOString());
    await traffic.prune(HOUR, new Date(time - HOURS_KEPT).toISOString());
  }

  async function flushOrWarn(): Promise<void> {
    await flush().catch((error: unknown) =>
      logger.warn({ err: error }, 'counts of calls could not be written'),
    );
  }

  return {
    count(trace, milliseconds) {
      const at = now().getTime();
      add(MINUTE, at, trace, milliseconds);
      add(HOUR, at, trace, milliseconds);
      timer ??= setTimeout(flushOrWarn, WRITE_EVERY).unref();
    },
    flush,
    async close() {
      if (timer !== undefined) await flushOrWarn();
    },
  };
}
