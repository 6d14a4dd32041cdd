import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { checkDatabase, openStore, requireCurrent } from '../../src/store/open.ts';
import { type CheckedDatabase, check, checkCases, faultsOf, fill } from './cases-check.ts';
import { sharedPostgres } from './postgres-server.ts';
import { runOn } from './sqlite-file.ts';

async function sqliteDatabase(): Promise<CheckedDatabase> {
  const folder = mkdtempSync(join(tmpdir(), 'mktows-check-'));
  const path = join(folder, 'test.db');
  const url = `sqlite:${path}`;
  await (await openStore(url)).close();
  return {
    url,
    run: async (sql) => runOn(path, sql),
    cleanup: async () => rmSync(folder, { recursive: true }),
  };
}

checkCases('SQLite', sqliteDatabase);

it('the check of a database on SQLite finds entries of keys whose name is not there', async () => {
  const database = await sqliteDatabase();
  const store = await openStore(database.url);
  await fill(store);
  await store.close();
  await database.run("DELETE FROM key_name WHERE name = 'rating'");
  expect(faultsOf(await check(database.url))).toContainEqual(
    expect.stringMatching(/^references: key_entry \(value 4\): name_id = \d+, and key_name has no such row/),
  );
  await database.cleanup();
});

const server = await sharedPostgres();
if (typeof server === 'string') {
  describe('the check of a database on PostgreSQL', () => it.skip(server, () => {}));
} else {
  afterAll(() => server.stop());
  checkCases('PostgreSQL', async () => {
    const database = await server.createDatabase();
    return { url: database.url, run: database.query, cleanup: database.drop };
  });

  it('an empty PostgreSQL database is not checked, and stays empty', async () => {
    const database = await server.createDatabase(true);
    const missing = /^there is no mktows database at postgres:/;
    await expect(checkDatabase(database.url, { report: () => {} })).rejects.toThrow(missing);
    await expect(requireCurrent(database.url)).rejects.toThrow(missing);
    expect(await database.query('SELECT 1 FROM pg_class WHERE relname = $$migration$$')).toEqual([]);
    await database.drop();
  });
}
