import type pg from 'pg';
import type { Records, RecordType } from '../../records/all.ts';
import { type Findings, restore } from '../check/report.ts';
import type { CheckSource, Counter, KeyEntry } from '../check/source.ts';
import { tableNames } from '../columns.ts';
import { sqlState } from './errors.ts';
import { codecs, type PostgresCodec, selectList } from './kinds.ts';
import { sequences } from './load.ts';
import { createdRelations } from './migrations.ts';
import { definitionCache } from './schema.ts';
import { isoTime, type Row, unpackJson, unpackText } from './sql.ts';
import { send } from './transaction.ts';
import { selectUsers, toUser } from './users.ts';

/** Errors that show damage: corrupted data or index, and tables or columns of the migrations that are missing. */
const damaged = new Set(['XX001', 'XX002', '42P01', '42703']);

/** Reads a PostgreSQL database for `mktows check`, over a connection in a transaction that sees one state. */
export function postgresCheckSource(client: pg.ClientBase, location: string): CheckSource {
  const run = (...statements: string[]): Promise<Row[][]> => send(client, statements);
  const rows = async (sql: string): Promise<Row[]> => (await run(sql))[0] ?? [];

  return {
    location,
    engine: 'postgres',
    async integrity(findings) {
      findings.note("PostgreSQL's own structures are not looked at; pg_amcheck does that");
    },
    checkSchema: (findings) => checkSchema(rows, findings),
    definitions: () => definitionCache().of(undefined, run, false),
    async records<Type extends RecordType>(type: Type, after: number, limit: number) {
      const { table, columns, toRecord } = codecs[type] as PostgresCodec<Records[Type]>;
      const found = await rows(
        `SELECT ${selectList(columns)} FROM ${table} ` + `WHERE id > ${after} ORDER BY id LIMIT ${limit}`,
      );
      return found.map((row) => ({ id: Number(row[0]), content: toRecord(row) }));
    },
    async texts(table, column, after, upTo) {
      const found = await rows(`SELECT id, ${column} FROM ${table} WHERE id > ${after} AND id <= ${upTo}`);
      return found.map(([id, text]) => [Number(id), text == null ? null : unpackText(text)]);
    },
    async costs(after, limit) {
      const found = await rows(
        `SELECT id, month, amount FROM program_cost WHERE id > ${after} ORDER BY id LIMIT ${limit}`,
      );
      return found.map(([id, month, amount]) => ({
        id: Number(id),
        content: { month: month ?? '', amount: Number(amount) },
      }));
    },
    async keys(type, after, upTo) {
      const found = await rows(
        'SELECT object_id, name, value, loose, spelled_name FROM external_key AS k ' +
          `WHERE object_type = '${type}' AND object_id > ${after} AND object_id <= ${upTo} ` +
          `AND EXISTS (SELECT FROM ${tableNames[type]} AS o WHERE o.id = k.object_id) ORDER BY object_id`,
      );
      return found.map(
        ([id, name, value, loose, spelled]): KeyEntry => ({
          id: Number(id),
          name: unpackText(name ?? ''),
          value: unpackText(value ?? ''),
          loose: loose === 't',
          spelledName: spelled == null ? null : unpackText(spelled),
        }),
      );
    },
    async journal(after, limit) {
      const found = await rows(
        `SELECT number, ${isoTime('at')}, rows FROM journal WHERE number > ${after} ORDER BY number LIMIT ${limit}`,
      );
      return found.map(([number, at, json]) => ({
        id: Number(number),
        content: { at: at ?? '', rows: unpackJson<unknown>(json ?? 'null') },
      }));
    },
    users: async () => (await rows(`${selectUsers} ORDER BY user_id`)).map(toUser),
    async lastNumber(counter) {
      const [row] = await rows(`SELECT last_value, is_called FROM ${sequenceOf(counter)}`);
      return row === undefined ? undefined : Number(row[0]) - (row[1] === 't' ? 0 : 1);
    },
    raise: (counter, to) => `SELECT setval('${sequenceOf(counter)}', ${to})`,
    rows: async (sql) =>
      (await rows(sql)).map((row) => row.map((cell) => (cell === null ? null : unpackText(cell)))),
    async attempt(work) {
      await run('SAVEPOINT part');
      try {
        return await work();
      } catch (error) {
        if (sqlState(error) !== undefined) await run('ROLLBACK TO part');
        throw error;
      }
    },
    damageOf: (error) => (damaged.has(sqlState(error) ?? '') ? (error as Error).message : undefined),
  };
}

const sequenceOf = (counter: Counter): string =>
  counter === 'Journal' ? 'journal_number_seq' : sequences[counter];

/** Checks that the tables, indexes and sequences of the migrations exist. Missing columns show when rows are read. */
async function checkSchema(rows: (sql: string) => Promise<Row[]>, findings: Findings): Promise<void> {
  const names = createdRelations();
  findings.examined('tables, indexes and sequences', names.length);
  const list = names.map((name) => `'${name}'`).join(', ');
  const missing = await rows(
    `SELECT name FROM unnest(ARRAY[${list}]) AS name WHERE to_regclass(name) IS NULL`,
  );
  for (const [name] of missing) {
    findings.fault({
      where: String(name),
      found: 'it is missing',
      expected: 'what the migrations make',
      remedy: restore,
    });
  }
}
