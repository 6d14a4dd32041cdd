import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, stat, statfs } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { startThread } from '../../packaging/thread.ts';
import { declarationOf, type RecordType } from '../../records/all.ts';
import {
  alreadyTaken,
  countersOf,
  notTaken,
  otherVersion,
  type Rewinding,
  RewindRefusal,
  recordTables,
  restoredTables,
  type Snapshot,
  tooMany,
} from '../rewinding.ts';
import { createTurns, type Turns } from '../turns.ts';
import { isPart } from './backup-target.ts';
import { explain, storeError } from './errors.ts';
import { IN_MEMORY } from './location.ts';
import type { SchemaTables } from './schema.ts';
import { command, type Parameter, valueQuery } from './statements.ts';
import type { Guard } from './transaction.ts';

export interface RewindingParts {
  readonly db: DatabaseSync;
  readonly location: string;
  readonly guard: Guard;
  readonly schemas: SchemaTables;
}

/** The input of a snapshot's thread: absolute paths. */
export interface SnapshotThreadData {
  readonly source: string;
  readonly target: string;
}

/** The answer of the thread: the error message; undefined: success. */
export type SnapshotAnswer = string | undefined;

const SUFFIX = '.db';
const ownTables = ['key_name', 'key_entry', 'counter'] as const;

/** Snapshots are backups, in a folder beside the database. */
export function sqliteRewinding({ db, location, guard, schemas }: RewindingParts): Rewinding {
  const folder = `${location}.snapshots`;
  const fileOf = (name: string) => join(folder, `${name}${SUFFIX}`);
  /** One at a time: a file must not be made twice, nor be removed while it is read. */
  const turns = createTurns();
  const inTurn: Turns = (work) =>
    turns(work).catch((error: unknown) => {
      throw error instanceof RewindRefusal ? error : storeError(error, location);
    });

  function assertOnDisk(): void {
    if (location !== IN_MEMORY) return;
    throw new RewindRefusal('unfit', 'A database in memory has no snapshots; name a file with --database');
  }

  async function infoOf(name: string): Promise<Snapshot> {
    const { size, mtime } = await stat(fileOf(name));
    return { name, createdAt: mtime.toISOString(), bytes: size };
  }

  /** Calls need room on the disk, too. */
  async function assertRoom(): Promise<void> {
    const [{ size }, { bavail, bsize }] = await Promise.all([stat(location), statfs(folder)]);
    if (bavail * bsize >= 2 * size) return;
    throw new RewindRefusal(
      'full',
      `The disk of ${folder} has ${mebibytes(bavail * bsize)} MiB left, and a snapshot needs about ${mebibytes(size)}: it is ` +
        'taken only where the same is left for calls',
    );
  }

  /** Removes what a server left that was killed while it took a snapshot. */
  async function removeParts(): Promise<void> {
    for (const name of (await readdir(folder)).filter(isPart)) await rm(join(folder, name), { force: true });
  }

  async function list(): Promise<Snapshot[]> {
    if (location === IN_MEMORY || !existsSync(folder)) return [];
    const files = (await readdir(folder)).filter((file) => file.endsWith(SUFFIX));
    const found = await Promise.all(files.map((file) => infoOf(basename(file, SUFFIX))));
    return found.sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1));
  }

  function versionOf(part: 'snapshot' | 'main', name: string): number | undefined {
    try {
      return valueQuery<[], number>(db, `SELECT max(number) FROM ${part}.migration`).get();
    } catch (error) {
      throw part === 'snapshot' ? unreadable(name, error) : error;
    }
  }

  return {
    snapshots: () => inTurn(list),
    take: (name, most = Number.POSITIVE_INFINITY) =>
      inTurn(async () => {
        assertOnDisk();
        if (existsSync(fileOf(name))) throw alreadyTaken(name);
        if ((await list()).length >= most) throw tooMany(most);
        await mkdir(folder, { recursive: true, mode: 0o700 });
        await removeParts();
        await assertRoom();
        await backUp({ source: location, target: fileOf(name) });
        return infoOf(name);
      }),
    restore: (name) =>
      inTurn(async () => {
        assertOnDisk();
        if (!existsSync(fileOf(name))) throw notTaken(name);
        try {
          command<[string]>(db, 'ATTACH ? AS snapshot').run(fileOf(name));
        } catch (error) {
          throw unreadable(name, error);
        }
        try {
          if (versionOf('snapshot', name) !== versionOf('main', name)) throw otherVersion(name);
          await guard.write(() => restoreTables(db, schemas));
        } finally {
          db.exec('DETACH snapshot');
        }
      }),
    remove: (name) =>
      inTurn(async () => {
        if (location === IN_MEMORY || !existsSync(fileOf(name))) return false;
        await rm(fileOf(name));
        return true;
      }),
    reset: (types, firstIds) =>
      inTurn(() =>
        guard.write(() => {
          const removed = Object.fromEntries(
            types.map((type): [RecordType, number] => [type, countRows(db, declarationOf[type].table)]),
          );
          for (const table of recordTables(types)) db.exec(`DELETE FROM ${table}`);
          const clearKeys = command<[string]>(
            db,
            'DELETE FROM key_entry WHERE name_id IN (SELECT id FROM key_name WHERE object_type = ?)',
          );
          for (const type of types) clearKeys.run(type);
          const count = command<Parameter[]>(
            db,
            'INSERT OR REPLACE INTO counter (type, last_id) VALUES (?, ?)',
          );
          for (const counter of countersOf(types)) count.run(counter, (firstIds[counter] ?? 1) - 1);
          return removed;
        }),
      ),
  };
}

const unreadable = (name: string, error: unknown) =>
  new RewindRefusal('unfit', `The snapshot "${name}" cannot be read: ${explain(error)}; nothing was changed`);

const mebibytes = (bytes: number) => Math.ceil(bytes / 1024 / 1024);

const countRows = (db: DatabaseSync, table: string): number =>
  valueQuery<[], number>(db, `SELECT count(*) FROM ${table}`).get() ?? 0;

/** Copies the tables of the attached snapshot, inside the current transaction. */
function restoreTables(db: DatabaseSync, schemas: SchemaTables): void {
  for (const table of [...restoredTables, ...ownTables]) {
    const names = valueQuery<[string], string>(db, "SELECT name FROM pragma_table_info(?, 'main')").all(
      table,
    );
    db.exec(`DELETE FROM main.${table}`);
    db.exec(
      `INSERT INTO main.${table} (${names.join(', ')}) SELECT ${names.join(', ')} FROM snapshot.${table}`,
    );
  }
  schemas.replaced();
}

/** Backs up in a thread: the copy is checked before it gets its name, which takes seconds for a large database. */
async function backUp(workerData: SnapshotThreadData): Promise<void> {
  const thread = startThread('store/sqlite/snapshot-thread', { workerData });
  const failure = await new Promise<SnapshotAnswer>((resolve, reject) => {
    thread.once('message', resolve);
    thread.once('error', reject);
    thread.once('exit', () => resolve('the thread of the snapshot ended'));
  });
  if (failure !== undefined) throw new RewindRefusal('unfit', failure);
}
