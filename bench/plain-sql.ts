/**
 * The bare cost of the SQL: records the statements of real calls once, then sends them again over plain connections of
 * the driver, round trip by round trip as a server does, without HTTP, XML and rules. Does the jobs of `load.ts`.
 */
import pg from 'pg';
import { openStore } from '../src/store/open.ts';
import type { LoadFigures } from './figures.ts';
import type { Job } from './load.ts';
import { syncRows } from './servers/sync-rows.ts';
import { createTimes } from './timed.ts';

/** The texts of a call's round trips, and the time that stands in them as that of the call. */
interface Recorded {
  readonly trips: readonly string[];
  readonly at: string;
}

/** Calls recorded for each connection; they are sent again and again. */
const CALLS = 25;

const [, , url = ''] = process.argv;
const types: pg.CustomTypesConfig = { getTypeParser: () => (cell: unknown) => cell };
const recorded: Recorded[][] = [];
const clients: pg.Client[] = [];

/** Records calls that change random objects of a connection's own share. */
async function record({ connections, rows, stored }: Job): Promise<void> {
  let trips: string[] = [];
  const query = pg.Client.prototype.query as (...given: unknown[]) => unknown;
  pg.Client.prototype.query = function (this: pg.Client, ...given: unknown[]) {
    const [first] = given as [string | { text: string }];
    trips.push(typeof first === 'string' ? first : first.text);
    return query.apply(this, given);
  } as typeof pg.Client.prototype.query;
  const store = await openStore(url);
  const share = Math.floor(stored / connections);
  for (let connection = 0; connection < connections; connection += 1) {
    const calls: Recorded[] = [];
    for (let call = 1; call <= CALLS; call += 1) {
      const keys = new Set<string>();
      while (keys.size < rows) {
        keys.add(`changing-${connection * share + Math.floor(Math.random() * share)}`);
      }
      trips = [];
      const now = new Date();
      await syncRows(store, [...keys], call, 'UPDATED', now);
      // The first call also reads the definitions, which later ones know.
      if (call > 1) calls.push({ trips, at: now.toISOString() });
    }
    recorded.push(calls);
  }
  await store.close();
  pg.Client.prototype.query = query as typeof pg.Client.prototype.query;
  for (let connection = 0; connection < connections; connection += 1) {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    clients.push(client);
  }
}

async function replay(
  client: pg.Client,
  calls: readonly Recorded[],
  end: number,
  note: (time: number) => void,
) {
  for (let call = 0; performance.now() < end; call += 1) {
    const { trips, at } = calls[call % calls.length] as Recorded;
    const began = performance.now();
    // At a time of its own, so that PostgreSQL has as much to do for its indexes as with a new call.
    const now = new Date().toISOString();
    for (const trip of trips) {
      await client.query({ text: trip.replaceAll(at, now), rowMode: 'array', types });
    }
    note(performance.now() - began);
  }
}

async function measure({ seconds }: Job): Promise<LoadFigures> {
  const times = createTimes();
  await times.measure(() => {
    const end = performance.now() + seconds * 1000;
    return clients.map((client, index) => replay(client, recorded[index] ?? [], end, times.note));
  });
  return times.figures();
}

process.on('message', ({ job, kind }: { job: Job; kind: 'fill' | 'measure' }) => {
  const work = kind === 'fill' ? record(job) : measure(job);
  work.then(
    (figures) => process.send?.({ figures }),
    (error: unknown) => process.send?.({ failure: String(error) }),
  );
});
process.on('disconnect', () => process.exit());
