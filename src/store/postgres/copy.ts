import { setTimeout as wait } from 'node:timers/promises';
import type pg from 'pg';
import { assertNewest } from '../copy-mark.ts';
import type { SectionReader, SectionWriter } from '../sections.ts';
import { StoreError } from '../store.ts';
import { assertPrimary, type Connected, createPool, withConnection } from './connect.ts';
import { assertFinished, beginMark, finishMark, moveMark, readMark } from './copy-mark.ts';
import { sectionReader } from './copy-read.ts';
import { sectionStatements } from './copy-write.ts';
import { openError } from './errors.ts';
import { tryHoldDatabase } from './locks.ts';
import { migrate, migrationSteps } from './migrations.ts';
import { transactions } from './transaction.ts';
import { prepareViews } from './views.ts';

/** The time to wait for running calls of servers on the target, in milliseconds. */
const HOLD_TIMEOUT = 5000;
const HOLD_EVERY = 100;

/** Opens the source of a copy, with read-only transactions. Rejects with a `StoreError`. */
export async function openPostgresSource(url: string): Promise<SectionReader> {
  const connected = createPool(url);
  const { pool, location } = connected;
  return orEnd(pool, async () => {
    await withConnection(connected, async (client) => {
      assertNewest('PostgreSQL', location, await migrationSteps(client, location));
      await assertFinished(client, location);
    });
    const guard = transactions(connected);
    return { location, ...sectionReader(guard), close: guard.end };
  });
}

/**
 * Opens the target of a copy. One connection holds the database lock exclusively, so that no server can handle calls
 * meanwhile. Rejects with a `StoreError`.
 */
export async function openPostgresTarget(url: string): Promise<SectionWriter> {
  const connected = createPool(url);
  const { pool, location } = connected;
  return orEnd(pool, async () => {
    await withConnection(connected, async (client) => {
      await assertPrimary(client, location);
      await migrate(client, location, new Date().toISOString());
    });
    await prepareViews(transactions(connected), location, undefined);
    const holder = await holdDatabase(connected);
    return sectionTarget(connected, holder);
  });
}

function sectionTarget(connected: Connected, holder: pg.PoolClient): SectionWriter {
  const { location } = connected;
  const guard = transactions(connected);
  const statementsOf = sectionStatements();
  return {
    location,
    toEmpty: 'drop the database and create it again',
    ...sectionReader(guard),
    mark: () => readMark(guard),
    begin: (mark) =>
      guard.write(async (transaction) => {
        await transaction.commit(...beginMark(mark));
      }),
    write: (section, rows, mark) =>
      guard.write(async (transaction) => {
        await moveMark(transaction, location, mark);
        await transaction.commit(...(await statementsOf(transaction, section, rows)));
      }),
    finish: () =>
      guard.write(async (transaction) => {
        await transaction.commit(finishMark);
      }),
    async close() {
      holder.release(true);
      await guard.end();
    },
  };
}

async function orEnd<T>(pool: pg.Pool, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await pool.end();
    throw error;
  }
}

/** Returns a connection that holds the database lock exclusively until it is released. */
async function holdDatabase({ pool, location }: Connected): Promise<pg.PoolClient> {
  let client: pg.PoolClient | undefined;
  try {
    client = await pool.connect();
    const deadline = performance.now() + HOLD_TIMEOUT;
    while (!(await isHeld(client))) {
      if (performance.now() > deadline) {
        throw new StoreError(
          `PostgreSQL database ${location} is in use by a server or another copy; stop it first`,
          { failure: 'locked' },
        );
      }
      await wait(HOLD_EVERY);
    }
    return client;
  } catch (error) {
    client?.release(true);
    throw openError(error, location);
  }
}

async function isHeld(client: pg.PoolClient): Promise<boolean> {
  const { rows } = await client.query<[boolean]>({ text: tryHoldDatabase, rowMode: 'array' });
  return rows[0]?.[0] === true;
}
