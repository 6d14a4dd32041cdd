import { DatabaseSync } from 'node:sqlite';
import type { KeyedType, Records, RecordType } from '../../records/all.ts';
import { type Findings, restore } from '../check/report.ts';
import type { CheckSource, Counter, KeyEntry, ReadRow } from '../check/source.ts';
import { type ColumnKind, tableNames } from '../columns.ts';
import { isDamage } from './errors.ts';
import { type Cell, codecs, type Row, type SqliteCodec } from './kinds.ts';
import { locationOf } from './location.ts';
import { migrate } from './migrations.ts';
import { schemaTables } from './schema.ts';
import { objectQuery, type Parameter, type Query, rowQuery, valueQuery } from './statements.ts';
import { toUser, type UserTableRow } from './users.ts';
import { VIEW_MARK } from './views.ts';

/** Column kinds that hold a JSON object. */
const jsonKinds: ReadonlySet<ColumnKind> = new Set(['custom', 'texts']);

/** Reads an SQLite database for `mktows check`, over a connection with a read transaction. */
export function sqliteCheckSource(db: DatabaseSync, location: string): CheckSource {
  const prepared = new Map<string, Query<Parameter[], Cell[]>>();

  /** Caches statements: they are few and run for every page, and Node frees dropped ones late. */
  function statement(sql: string): Query<Parameter[], Cell[]> {
    const known = prepared.get(sql) ?? rowQuery<Parameter[], Cell[]>(db, sql);
    prepared.set(sql, known);
    return known;
  }

  let isSorted = false;

  /** No index leads from an object to its keys, so the entries are sorted by object once, in a temporary file. */
  function sortEntries(): void {
    if (isSorted) return;
    db.exec(`
CREATE TEMP TABLE entry_by_object (
  object_id INTEGER, name_id INTEGER, value TEXT, loose INTEGER, spelled_name TEXT,
  PRIMARY KEY (object_id, name_id, value, loose)
) WITHOUT ROWID;
INSERT INTO entry_by_object SELECT object_id, name_id, value, loose, spelled_name FROM key_entry
  ORDER BY object_id, name_id, value, loose;`);
    isSorted = true;
  }

  const rows = (sql: string, ...parameters: Parameter[]) => statement(sql).all(...parameters);

  return {
    location,
    engine: 'sqlite',
    integrity: async (findings) => checkIntegrity(db, findings),
    checkSchema: (findings) => checkSchema(db, findings),
    definitions: async () => schemaTables(db).current(),
    async records<Type extends RecordType>(type: Type, after: number, limit: number) {
      const codec = codecs[type] as SqliteCodec<Records[Type]>;
      return rows(
        `SELECT ${codec.columns.map(({ name }) => name).join(', ')} FROM ${codec.table} WHERE id > ? ORDER BY id LIMIT ?`,
        after,
        limit,
      ).map((row) => readRow(codec, row));
    },
    texts: async (table, column, after, upTo) =>
      rows(`SELECT id, ${column} FROM ${table} WHERE id > ? AND id <= ?`, after, upTo).map(([id, text]) => [
        Number(id),
        text === null || text === undefined ? null : String(text),
      ]),
    costs: async (after, limit) =>
      rows('SELECT id, month, amount FROM program_cost WHERE id > ? ORDER BY id LIMIT ?', after, limit).map(
        ([id, month, amount]) => ({
          id: Number(id),
          content: { month: String(month), amount: Number(amount) },
        }),
      ),
    async keys(type: KeyedType, after, upTo) {
      sortEntries();
      const found = rows(
        'SELECT object_id, n.name, value, loose, spelled_name ' +
          'FROM entry_by_object CROSS JOIN key_name AS n ON n.id = name_id ' +
          'WHERE object_id > ? AND object_id <= ? AND n.object_type = ? ' +
          `AND EXISTS (SELECT 1 FROM ${tableNames[type]} AS o WHERE o.id = object_id) ORDER BY object_id`,
        after,
        upTo,
        type,
      );
      return found.map(
        ([id, name, value, loose, spelled]): KeyEntry => ({
          id: Number(id),
          name: String(name),
          value: String(value),
          loose: loose === 1,
          spelledName: spelled == null ? null : String(spelled),
        }),
      );
    },
    async journal(after, limit) {
      return rows(
        'SELECT number, at, rows FROM journal WHERE number > ? ORDER BY number LIMIT ?',
        after,
        limit,
      ).map(([number, at, json]) => {
        const id = Number(number);
        try {
          return { id, content: { at: String(at), rows: JSON.parse(String(json)) } };
        } catch (error) {
          return { id, unreadable: `rows that are no JSON (${(error as Error).message})` };
        }
      });
    },
    users: async () =>
      objectQuery<[], UserTableRow>(db, 'SELECT * FROM api_user ORDER BY user_id').all().map(toUser),
    async lastNumber(counter) {
      const [row] =
        counter === 'Journal'
          ? rows("SELECT seq FROM sqlite_sequence WHERE name = 'journal'")
          : rows('SELECT last_id FROM counter WHERE type = ?', counter);
      return row === undefined ? undefined : Number(row[0]);
    },
    raise,
    rows: async (sql) => rows(sql),
    attempt: (work) => work(),
    damageOf: (error) => (isDamage(error) ? (error as Error).message : undefined),
  };
}

const raise = (counter: Counter, to: number): string =>
  counter === 'Journal'
    ? `DELETE FROM sqlite_sequence WHERE name = 'journal'; INSERT INTO sqlite_sequence VALUES ('journal', ${to})`
    : `INSERT OR REPLACE INTO counter (type, last_id) VALUES ('${counter}', ${to})`;

function readRow<Record>(codec: SqliteCodec<Record>, row: Row): ReadRow<Record> {
  const id = Number(row[0]);
  for (const [index, { name, kind }] of codec.columns.entries()) {
    const cell = row[index];
    if (!jsonKinds.has(kind) || cell == null) continue;
    const problem = jsonProblem(String(cell));
    if (problem !== undefined) return { id, unreadable: `${codec.table}.${name} holds ${problem}` };
  }
  return { id, content: codec.toRecord(row) };
}

function jsonProblem(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? undefined
      : 'JSON that is not an object';
  } catch (error) {
    return `no JSON (${(error as Error).message})`;
  }
}

/** The maximum number of messages from SQLite's own check; the first ones locate the damage. */
const MESSAGES = 20;

/** Runs SQLite's own check: pages, order and indexes of all tables, and column constraints. */
export function checkIntegrity(db: DatabaseSync, findings: Findings): void {
  findings.examined('pages', valueQuery<[], number>(db, 'PRAGMA page_count').get() ?? 0);
  const lines = integrityMessages(db).flatMap((message) => message.split('\n'));
  for (const line of lines) {
    if (line === 'ok' || line.startsWith('***')) continue;
    findings.fault({
      where: locationOf(db),
      found: `SQLite says: ${line}`,
      expected: 'pages as SQLite writes them',
      remedy: restore,
    });
  }
}

/** Returns the messages of SQLite's check. Damage that ends it follows those before it. */
function integrityMessages(db: DatabaseSync): string[] {
  const messages: string[] = [];
  try {
    for (const { integrity_check: message } of db.prepare(`PRAGMA integrity_check(${MESSAGES})`).iterate()) {
      messages.push(String(message));
    }
  } catch (error) {
    if (!isDamage(error)) throw error;
    messages.push((error as Error).message);
  }
  return messages;
}

/**
 * Compares tables, indexes and views with those of a new database. Ignores objects that people have added, and views
 * that follow from the definitions: they are made anew when the database is opened.
 */
async function checkSchema(db: DatabaseSync, findings: Findings): Promise<void> {
  const fresh = new DatabaseSync(':memory:');
  try {
    await migrate(fresh, new Date().toISOString());
    const expected = tablesOf(fresh);
    const found = tablesOf(db);
    findings.examined('tables and indexes', expected.size);
    for (const [name, sql] of expected) {
      if (found.get(name) === sql) continue;
      findings.fault({
        where: name,
        found: found.has(name) ? 'it is defined differently' : 'it is missing',
        expected: 'tables, indexes and views as the migrations make them',
        remedy: restore,
      });
    }
  } finally {
    fresh.close();
  }
}

/** Returns "table opportunity" → its definition. */
function tablesOf(db: DatabaseSync): Map<string, string> {
  const rows = rowQuery<[], [string, string, string]>(
    db,
    "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' " +
      `AND NOT (type = 'view' AND instr(sql, '${VIEW_MARK}') > 0)`,
  ).all();
  return new Map(rows.map(([type, name, sql]) => [`${type} ${name}`, sql]));
}
