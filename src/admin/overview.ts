import { type FaultCode, faults as faultTable } from '../contract/faults.ts';
import { type OperationCounts, type SpanCounts, timeLimit } from '../server/traffic-counts.ts';
import type { Journal, TrafficRow } from '../store/store.ts';

/** Returns when the bucket of a time begins. */
export const startOf = (at: string, seconds: number): string =>
  new Date(Math.floor(Date.parse(at) / (seconds * 1000)) * seconds * 1000).toISOString();

const none = (): OperationCounts => ({ calls: 0, faults: {}, rows: {}, times: [] });

function addCounts<Name extends string>(
  sum: { [Key in Name]?: number },
  counts: { readonly [Key in Name]?: number },
): void {
  for (const name of Object.keys(counts) as Name[]) sum[name] = (sum[name] ?? 0) + (counts[name] ?? 0);
}

function add(sum: OperationCounts, { calls, faults, rows, times }: OperationCounts): void {
  sum.calls += calls;
  addCounts(sum.faults, faults);
  addCounts(sum.rows, rows);
  for (const [step, count] of times.entries()) sum.times[step] = (sum.times[step] ?? 0) + count;
}

/** Returns the sums of counts by operation. */
export function summed(counted: Iterable<SpanCounts>): SpanCounts {
  const sum: SpanCounts = {};
  for (const span of counted) {
    for (const [operation, counts] of Object.entries(span)) {
      sum[operation] ??= none();
      add(sum[operation], counts);
    }
  }
  return sum;
}

function allOf(counts: SpanCounts): OperationCounts {
  const sum = none();
  for (const one of Object.values(counts)) add(sum, one);
  return sum;
}

const totalOf = (counts: Readonly<Record<string, number>> | readonly number[]) =>
  Object.values(counts).reduce((total: number, count: number) => total + count, 0);

/** Returns counts as the overview shows them. */
export const countsOf = ({ calls, faults, rows }: OperationCounts) => ({
  calls,
  faults: totalOf(faults),
  rows: rows as Record<string, number>,
});

/** Returns the counts of each bucket that has calls, by its begin. */
export function bucketSums(rows: readonly TrafficRow[], seconds: number): ReadonlyMap<string, SpanCounts> {
  const byBucket = Map.groupBy(rows, ({ since }) => startOf(since, seconds));
  return new Map(
    Array.from(byBucket, ([at, own]) => [at, summed(own.map(({ content }) => content as SpanCounts))]),
  );
}

/** Returns the counts of each bucket, also of those without calls. */
export function bucketsOf(
  sums: ReadonlyMap<string, SpanCounts>,
  begin: string,
  until: string,
  seconds: number,
) {
  const buckets = [];
  for (let time = Date.parse(begin); time < Date.parse(until); time += seconds * 1000) {
    const at = new Date(time).toISOString();
    const sum = allOf(sums.get(at) ?? {});
    const { times } = sum;
    buckets.push({ at, ...countsOf(sum), medianMs: quantile(times, 0.5), p99Ms: quantile(times, 0.99) });
  }
  return buckets;
}

/** Returns about the duration within which this part of the calls was answered; null: there were none. */
export function quantile(times: readonly number[], part: number): number | null {
  let rest = part * totalOf(times);
  if (rest === 0) return null;
  for (const [step, count] of times.entries()) {
    if (rest <= count) {
      const from = step === 0 ? 0 : timeLimit(step - 1);
      return Math.round((from + (timeLimit(step) - from) * (rest / count)) * 100) / 100;
    }
    rest -= count;
  }
  return null;
}

/** Returns the most frequent faults. */
export async function faultsOf(journal: Journal, total: SpanCounts, since: string, until: string) {
  const codes = Object.entries(allOf(total).faults).sort(([, a], [, b]) => b - a);
  return Promise.all(
    codes.slice(0, 10).map(async ([name, calls]) => {
      const code = Number(name);
      const [newest] = (await journal.find({ fault: code, since, until }, 1)).entries;
      const text = newest?.faultText ?? faultTable[code as FaultCode]?.short ?? '';
      return { code, text, calls, last: newest?.at ?? null };
    }),
  );
}

/** The newest calls of each status whose rows are read for their reasons. */
const READ_FOR_REASONS = 25;

/** Returns the most frequent reasons of the newest FAILED and SKIPPED rows. */
export async function reasonsOf(journal: Journal, since: string, until: string) {
  const found = new Map<string, { status: string; reason: string; rows: number; lastCall: number }>();
  const statuses = ['FAILED', 'SKIPPED'] as const;
  const newest = await Promise.all(
    statuses.map((status) => journal.find({ status, since, until }, READ_FOR_REASONS)),
  );
  for (const [index, status] of statuses.entries()) {
    for (const { number, rows } of newest[index]?.entries ?? []) {
      for (const row of rows) {
        if (row.status !== status) continue;
        const reason = withoutValues(row.because ?? '');
        const known = found.get(status + reason) ?? { status, reason, rows: 0, lastCall: number };
        found.set(status + reason, { ...known, rows: known.rows + 1 });
      }
    }
  }
  return [...found.values()].sort((a, b) => b.rows - a.rows).slice(0, 10);
}

/** Returns a reason without quoted texts and numbers, so that rows with other values have the same. */
const withoutValues = (reason: string): string =>
  reason.replace(/"(?:[^"\\]|\\.)*"/g, '"…"').replace(/\b\d[\d.,:-]*\b/g, '…');
