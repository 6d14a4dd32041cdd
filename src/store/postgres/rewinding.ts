import { countedTypes, declarationOf, type RecordType } from '../../records/all.ts';
import {
  alreadyTaken,
  countersOf,
  notTaken,
  otherVersion,
  type Rewinding,
  recordTables,
  restoredTables,
  type Snapshot,
  tooMany,
} from '../rewinding.ts';
import type { StoreLog } from '../store.ts';
import { sequences } from './load.ts';
import { lockDatabase } from './locks.ts';
import { quoteLiteral, type Row, text, wholeNumber } from './sql.ts';
import { CallerError, type Guard, type Transaction } from './transaction.ts';
import { prepareViews } from './views.ts';

const PREFIX = 'mktows_snapshot_';
/** Names are letters, digits and `.`, `_`, `-` (`SNAPSHOT_NAME`). */
const schemaOf = (name: string) => `"${PREFIX}${name}"`;
const tables: readonly string[] = [...restoredTables, 'external_key'];
/** Held while a snapshot is taken, restored or removed: one at a time. */
const SNAPSHOT_LOCK = 0x6d6b7472;
const lockSnapshots = `SELECT pg_advisory_xact_lock(${SNAPSHOT_LOCK})`;
/** Snapshots and restores of many objects take longer than calls. */
const patient = "SELECT set_config('statement_timeout', '25000', true)";
const version = 'SELECT max(number) FROM migration';

/** The description of a snapshot, in the comment of its schema. */
interface About {
  readonly createdAt: string;
  readonly version: number;
}

/** Snapshots are schemas beside the tables. They need the right to create one in the database. */
export function postgresRewinding(guard: Guard, location: string, log: StoreLog | undefined): Rewinding {
  const select = (name?: string) =>
    'SELECT nspname, obj_description(oid), (SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0) FROM pg_class AS c ' +
    `WHERE relnamespace = n.oid AND relkind = 'r') FROM pg_namespace AS n WHERE ` +
    (name === undefined
      ? `starts_with(nspname, ${text(PREFIX)}) ORDER BY nspname`
      : `nspname = ${text(PREFIX + name)}`);

  return {
    async snapshots() {
      const [rows = []] = await guard.read(select());
      return rows.map(toSnapshot).sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1));
    },
    take: (name, most = Number.POSITIVE_INFINITY) =>
      guard.write(async (transaction) => {
        const [, , all = [], [[number] = []] = []] = await transaction.run(
          patient,
          lockSnapshots,
          `SELECT nspname FROM pg_namespace WHERE starts_with(nspname, ${text(PREFIX)})`,
          version,
        );
        if (all.some(([schema]) => schema === PREFIX + name)) throw new CallerError(alreadyTaken(name));
        if (all.length >= most) throw new CallerError(tooMany(most));
        const about: About = { createdAt: new Date().toISOString(), version: Number(number) };
        await transaction.run(
          `CREATE SCHEMA ${schemaOf(name)}`,
          `COMMENT ON SCHEMA ${schemaOf(name)} IS ${quoteLiteral(JSON.stringify(about))}`,
          ...tables.map((table) => `CREATE TABLE ${schemaOf(name)}.${table} (LIKE ${table})`),
          `CREATE TABLE ${schemaOf(name)}.counter (counter text, next bigint)`,
          copyAll(name),
        );
        const [made = []] = await transaction.commit(select(name));
        return made.map(toSnapshot)[0] ?? { name, createdAt: about.createdAt, bytes: 0 };
      }),
    async restore(name) {
      await guard.write(async (transaction) => {
        const { counters } = await readSnapshot(transaction, name, select(name));
        await transaction.commit(
          ...tables.flatMap((table) => [
            `DELETE FROM ${table}`,
            `INSERT INTO ${table} SELECT * FROM ${schemaOf(name)}.${table}`,
          ]),
          ...countedTypes.map((counter) => restart(counter, counters.get(counter) ?? 1)),
          "UPDATE meta SET value = value + 1 WHERE name = 'schema_version'",
        );
      });
      await prepareViews(guard, location, log);
    },
    remove: (name) =>
      guard.write(async (transaction) => {
        const [, , rows = []] = await transaction.run(patient, lockSnapshots, select(name));
        if (rows.length === 0) {
          await transaction.commit();
          return false;
        }
        await transaction.commit(`DROP SCHEMA ${schemaOf(name)} CASCADE`);
        return true;
      }),
    reset: (types, firstIds) =>
      guard.write(async (transaction) => {
        const counts = await transaction.run(
          patient,
          lockDatabase(true),
          ...types.map((type) => `SELECT count(*) FROM ${declarationOf[type].table}`),
        );
        await transaction.commit(
          ...recordTables(types).map((table) => `DELETE FROM ${table}`),
          `DELETE FROM external_key WHERE object_type IN (${types.map(text).join(', ')})`,
          ...countersOf(types).map((counter) => restart(counter, firstIds[counter] ?? 1)),
        );
        return Object.fromEntries(
          types.map((type, index): [RecordType, number] => [type, Number(counts[index + 2]?.[0]?.[0])]),
        );
      }),
  };
}

/** One statement, so that all tables are of one moment. */
function copyAll(name: string): string {
  const copies = tables.map(
    (table, index) => `c${index} AS (INSERT INTO ${schemaOf(name)}.${table} SELECT * FROM ${table})`,
  );
  const counters = countedTypes.map(
    (counter) => `SELECT ${text(counter)}, last_value + is_called::integer FROM ${sequences[counter]}`,
  );
  return `WITH ${copies.join(', ')} INSERT INTO ${schemaOf(name)}.counter ${counters.join(' UNION ALL ')}`;
}

/** Sequences are restarted with the transaction, and stay as they are if it fails. */
const restart = (counter: keyof typeof sequences, next: number): string =>
  `ALTER SEQUENCE ${sequences[counter]} RESTART WITH ${wholeNumber(next)}`;

/** Locks out calls, and reads what a snapshot says of itself. */
async function readSnapshot(transaction: Transaction, name: string, about: string) {
  const [, , , found = [], [[number] = []] = []] = await transaction.run(
    patient,
    lockSnapshots,
    lockDatabase(true),
    about,
    version,
  );
  const [row] = found;
  if (row === undefined) throw new CallerError(notTaken(name));
  if (aboutOf(row).version !== Number(number)) throw new CallerError(otherVersion(name));
  const [rows = []] = await transaction.run(`SELECT counter, next FROM ${schemaOf(name)}.counter`);
  return { counters: new Map(rows.map(([counter, next]) => [counter ?? '', Number(next)])) };
}

function aboutOf([, about]: Row): About {
  try {
    return JSON.parse(about ?? '');
  } catch {
    return { createdAt: '', version: 0 };
  }
}

const toSnapshot = (row: Row): Snapshot => ({
  name: (row[0] ?? '').slice(PREFIX.length),
  createdAt: aboutOf(row).createdAt,
  bytes: Number(row[2]),
});
