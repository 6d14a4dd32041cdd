import { counters, declarations } from '../../src/records/all.ts';
import type { Declaration } from '../../src/records/declare.ts';
import type { TestDatabase, TestPostgres } from './postgres-server.ts';

/** Databases of a test file: one that is given back is emptied and given out again, which is faster than a new one. */
export interface DatabasePool {
  take(): Promise<TestDatabase>;
  giveBack(database: TestDatabase): Promise<void>;
  dropAll(): Promise<void>;
}

/** Makes databases on a server as they are needed. */
export function databasePool(server: TestPostgres): DatabasePool {
  const made: TestDatabase[] = [];
  const free: TestDatabase[] = [];
  return {
    async take() {
      const database = free.pop() ?? (await server.createDatabase());
      if (!made.includes(database)) made.push(database);
      return database;
    },
    async giveBack(database) {
      await database.query(emptied);
      free.push(database);
    },
    async dropAll() {
      for (const database of made) await database.drop();
    },
  };
}

const tables = [
  ...declarations.flatMap(({ table, parts }: Declaration) => [
    table,
    ...Object.values(parts).map((part) => part.table),
  ]),
  ...['external_key', 'key_field', 'field_definition', 'tag_type', 'tag_value', 'channel'],
  ...['channel_status', 'journal', 'api_user', 'call_count'],
];
const sequences = [...counters.map(({ table }) => `${table}_id`), 'journal_number_seq'];

/** Few rows are deleted far sooner than a table is truncated, which makes new files for it and its indexes. */
const emptied = [
  ...tables.map((table) => `DELETE FROM ${table}`),
  ...sequences.map((sequence) => `SELECT setval('${sequence}', 1, false)`),
  "UPDATE server_secret SET value = decode(md5(random()::text) || md5(random()::text), 'hex')",
  "UPDATE meta SET value = 1 WHERE name = 'schema_version'",
].join(';');
