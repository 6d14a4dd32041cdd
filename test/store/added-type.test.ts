import { describe } from 'vitest';
import { belongsTo, folded, nullable, number, text, time } from '../../src/records/column.ts';
import { type Declaration, recordType } from '../../src/records/declare.ts';
// Nothing that reads the list is imported before the type is in it.
import { declarations } from '../../src/records/list.ts';
import type { Migration } from '../../src/store/migrations.ts';

const note = recordType({
  name: 'Note',
  table: 'note',
  section: 'notes',
  inFile: false,
  columns: {
    leadId: belongsTo('Lead'),
    title: text,
    titleKey: folded('title'),
    weight: nullable(number),
    at: time,
  },
  lookups: { title: { columns: ['titleKey'] }, lead: { columns: ['leadId'], lock: [] } },
  parts: {},
  readLock: 'exclusive',
});
(declarations as unknown as Declaration[]).push(note);

const sqliteStep = `
CREATE TABLE note (
  id INTEGER PRIMARY KEY, lead_id INTEGER NOT NULL, title TEXT NOT NULL, title_key TEXT, weight REAL, at TEXT NOT NULL
) STRICT;
CREATE INDEX note_by_title ON note (title_key);
CREATE INDEX note_by_lead ON note (lead_id);`;
const postgresStep = `
CREATE TABLE note (
  id bigint PRIMARY KEY, lead_id bigint NOT NULL, title text COLLATE "C" NOT NULL, title_key text COLLATE "C",
  weight double precision, at timestamptz NOT NULL
);
CREATE INDEX note_by_title ON note (title_key);
CREATE INDEX note_by_lead ON note (lead_id);
CREATE SEQUENCE note_id;`;

const { history: sqliteHistory } = await import('../../src/store/sqlite/migrations.ts');
const { history: postgresHistory } = await import('../../src/store/postgres/migrations.ts');
for (const [{ migrations }, sql] of [
  [sqliteHistory, sqliteStep],
  [postgresHistory, postgresStep],
] as const) {
  (migrations as Migration[]).push({ number: migrations.length + 1, name: 'notes', sql });
}

const { plainTypeCases } = await import('./cases-plain-type.ts');
const { overBothEngines } = await import('./test-engines.ts');
await overBothEngines((engine) => {
  describe('a type with a declaration, a line in the list and two migrations', () =>
    plainTypeCases(engine, 'Note'));
});
