import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openStore } from '../../src/store/open.ts';
import { objectQuery } from '../../src/store/sqlite/statements.ts';
import { check, faultsOf, fill } from './cases-check.ts';
import { opportunity, write } from './fixture.ts';
import { onFile, runOn } from './sqlite-file.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mktows-migrations-'));
  path = join(folder, 'test.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = () => openStore(`sqlite:${path}`);

const keys = () =>
  onFile(path, (db) =>
    objectQuery(db, 'SELECT * FROM external_key ORDER BY object_type, name, value, object_id').all(),
  );

/** Takes the index of external keys back to what the first migration made of it. */
const undoKeyNumbers = () =>
  runOn(
    path,
    `
CREATE TABLE earlier (
  object_type TEXT NOT NULL,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  object_id INTEGER NOT NULL,
  loose INTEGER NOT NULL CHECK (loose IN (0, 1)),
  spelled_name TEXT,
  PRIMARY KEY (object_type, name, value, object_id, loose)
) STRICT, WITHOUT ROWID;
INSERT INTO earlier SELECT * FROM external_key;
DROP VIEW external_key;
DROP TABLE key_entry;
DROP TABLE key_name;
ALTER TABLE earlier RENAME TO external_key;
CREATE INDEX external_key_by_object ON external_key (object_type, object_id);
DELETE FROM migration WHERE number >= 5;`,
  );

it('an index of external keys with names in each entry gets numbers for them, and keeps every entry', async () => {
  const first = await open();
  await fill(first);
  await write(first, {
    records: [opportunity(900, { opportunityId: '007' })],
    looseKeys: [{ type: 'Opportunity', id: 64, name: 'Foreign', value: '007' }],
  });
  await first.close();
  const before = keys();
  undoKeyNumbers();
  expect(keys()).toEqual(before);
  await (await open()).close();
  expect(before.length).toBeGreaterThan(10);
  expect(keys()).toEqual(before);
  expect(faultsOf(await check(`sqlite:${path}`))).toEqual([]);
});
