import Type from 'typebox';
import { declarationOf, recordTypes } from '../records/all.ts';
import { HOUR, MINUTE } from '../server/traffic-counts.ts';
import { countObjects } from './object-routes.ts';
import { bucketSums, bucketsOf, countsOf, faultsOf, reasonsOf, startOf, summed } from './overview.ts';
import { type AdminRoute, adminRoute, closed, orNull } from './route.ts';
import { timeIn } from './times.ts';
import { wrongParameter } from './validate.ts';

const rowCounts = Type.Record(Type.String(), Type.Integer(), { description: 'rows by status' });

const overview = adminRoute({
  method: 'GET',
  path: '/overview',
  summary: 'Sums up calls over time, what fails most, and what the store holds',
  tag: 'overview',
  query: closed({
    since: Type.Optional(Type.String({ description: 'ISO 8601; default: a day before until' })),
    until: Type.Optional(Type.String({ description: 'ISO 8601; default: now' })),
  }),
  answer: closed({
    since: Type.String(),
    until: Type.String(),
    bucketSeconds: Type.Integer(),
    buckets: Type.Array(
      closed({
        at: Type.String({ description: 'when it begins' }),
        calls: Type.Integer(),
        faults: Type.Integer(),
        rows: rowCounts,
        medianMs: orNull(Type.Number()),
        p99Ms: orNull(Type.Number()),
      }),
    ),
    operations: Type.Array(
      closed({ operation: Type.String(), calls: Type.Integer(), faults: Type.Integer(), rows: rowCounts }),
    ),
    faults: Type.Array(
      closed({
        code: Type.Integer(),
        text: Type.String(),
        calls: Type.Integer(),
        last: orNull(Type.String({ description: 'when it was answered last' })),
      }),
    ),
    reasons: Type.Array(
      closed({
        status: Type.String(),
        reason: Type.String({ description: 'without the values that it quotes' }),
        rows: Type.Integer({ description: 'in the newest calls with such a row' }),
        lastCall: Type.Integer(),
      }),
    ),
    store: Type.Array(closed({ type: Type.String(), section: Type.String(), count: Type.Integer() })),
    server: closed({
      version: Type.String(),
      startedAt: Type.String(),
      engine: Type.String(),
      location: Type.String(),
      durability: Type.String(),
      userIds: Type.Array(Type.String()),
      endpoint: orNull(Type.String({ description: 'the URL for calls' })),
    }),
  }),
  async handle({ query, http: { request } }, context) {
    const { store, calls, users, server, now } = context;
    const until = timeIn('until', query.until) ?? now().toISOString();
    const since = timeIn('since', query.since) ?? new Date(Date.parse(until) - DAY * 1000).toISOString();
    const seconds = (Date.parse(until) - Date.parse(since)) / 1000;
    if (seconds <= 0) throw wrongParameter('since', 'expected a time before until');
    const bucketSeconds = bucketFor(seconds, (now().getTime() - Date.parse(since)) / 1000);
    // What cannot be written now is in the next answer.
    await calls.traffic.flush().catch(() => {});
    const begin = startOf(since, bucketSeconds);
    const rows = await store.traffic.read(bucketSeconds < HOUR ? MINUTE : HOUR, begin, until);
    const sums = bucketSums(rows, bucketSeconds);
    const total = summed(sums.values());
    const { engine, location, durability } = store.description;
    const [faults, reasons, counts] = await Promise.all([
      faultsOf(store.journal, total, since, until),
      reasonsOf(store.journal, since, until),
      Promise.all(recordTypes.map((type) => countObjects(context, type))),
    ]);
    return {
      since,
      until,
      bucketSeconds,
      buckets: bucketsOf(sums, begin, until, bucketSeconds),
      operations: Object.entries(total)
        .map(([operation, counts]) => ({ operation, ...countsOf(counts) }))
        .sort((a, b) => b.calls - a.calls),
      faults,
      reasons,
      store: recordTypes.map((type, index) => ({
        type,
        section: declarationOf[type].section,
        count: counts[index]?.value ?? 0,
      })),
      server: {
        version: server.version,
        startedAt: server.startedAt,
        engine,
        location,
        durability,
        userIds: [...(await users.all()).keys()],
        endpoint: server.endpointAt(request.hostname),
      },
    };
  },
});

export const overviewRoutes: readonly AdminRoute[] = [overview];

const DAY = 86_400;
const bucketSizes = [60, 300, 900, HOUR, 6 * HOUR, DAY, 7 * DAY];
const MOST_BUCKETS = 120;
/** Counts by minute are kept for a little longer. */
const MINUTES_KEPT = 47 * HOUR;

/** Returns the smallest size of buckets, in seconds, of which there are not too many. `age`: of the first one. */
function bucketFor(seconds: number, age: number): number {
  const isFitting = (size: number) => seconds / size <= MOST_BUCKETS && (size >= HOUR || age <= MINUTES_KEPT);
  return bucketSizes.find(isFitting) ?? Math.ceil(seconds / MOST_BUCKETS / DAY) * DAY;
}
