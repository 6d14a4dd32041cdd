import type { DatabaseSync } from 'node:sqlite';
import { byType, declarationOf, type RecordType, recordTypes } from '../../records/all.ts';
import type { Declaration, RowsPart, TextsPart } from '../../records/declare.ts';
import type { AnyRecordChange, Changes } from '../../rules/facts.ts';
import { ownerColumn } from '../columns.ts';
import { createdIds, rowChanges, textChanges } from '../part-changes.ts';
import { partCodec } from '../row-codec.ts';
import type { KeyIndex } from './keys.ts';
import { codecs, kinds, type SqliteCodec } from './kinds.ts';
import type { SchemaTables } from './schema.ts';
import { type Command, command, type Parameter } from './statements.ts';

/** Returns a function that writes changes inside the current transaction. */
export function writer(db: DatabaseSync, keys: KeyIndex, schemas: SchemaTables): (changes: Changes) => void {
  const tables = byType(({ name }) =>
    tableWriter(db, codecs[name as RecordType] as SqliteCodec<{ id: number }>),
  );
  const parts = partWriters(db);
  const typesWithParts = new Set(parts.map(({ type }) => type));
  const raise = command<[string, number]>(
    db,
    'INSERT INTO counter (type, last_id) VALUES (?, ?) ' +
      'ON CONFLICT (type) DO UPDATE SET last_id = max(last_id, excluded.last_id)',
  );

  /** Raises the counters to the highest new ids. */
  function raiseCounters(changes: Changes): void {
    for (const [type, ids] of createdIds(changes)) {
      let highest = 0;
      for (const id of ids) if (id > highest) highest = id;
      raise.run(type, highest);
    }
  }

  /** Most calls change no record that has parts. */
  function writeParts(records: readonly AnyRecordChange[]): void {
    const owners = records.filter(({ type }) => typesWithParts.has(type));
    if (owners.length === 0) return;
    for (const { type, write } of parts) write(owners.filter((change) => change.type === type));
  }

  return (changes) => {
    schemas.write(changes);
    if (changes.records.length > 0) {
      const { keyFields } = schemas.current();
      const records = removedFirst(changes.records);
      for (let index = 0; index < records.length; ) {
        const { type } = records[index] as AnyRecordChange;
        const end = endOfNew(records, index);
        if (end > index) tables[type].insert(records.slice(index, end).map(recordAfter));
        else tables[type].write(records[index] as Change<{ id: number }>);
        index = Math.max(end, index + 1);
      }
      for (const change of records) keys.follow(change, keyFields);
      writeParts(changes.records);
      raiseCounters(changes);
    }
    keys.writeLoose(changes);
  };
}

/** Puts removals before the rest: a new record may have what was unique to a removed one. */
function removedFirst(records: readonly AnyRecordChange[]): readonly AnyRecordChange[] {
  const isRemoved = ({ after }: AnyRecordChange) => after === undefined;
  if (!records.some(isRemoved)) return records;
  return [...records.filter(isRemoved), ...records.filter((change) => !isRemoved(change))];
}

/** Returns where the new records of one type end that begin at `start`; `start`: the record there is not new. */
function endOfNew(records: readonly AnyRecordChange[], start: number): number {
  const type = records[start]?.type;
  let end = start;
  for (; end < records.length; end++) {
    const change = records[end] as AnyRecordChange;
    if (change.type !== type || change.before !== undefined || change.after === undefined) break;
  }
  return end;
}

const recordAfter = ({ after }: AnyRecordChange): { id: number } => after as { id: number };

interface Change<Record> {
  readonly before: Record | undefined;
  readonly after: Record | undefined;
}

function tableWriter<Record extends { readonly id: number }>(db: DatabaseSync, codec: SqliteCodec<Record>) {
  const update = updater(db, codec);
  const remove = command<[number]>(db, `DELETE FROM ${codec.table} WHERE id = ?`);

  return {
    insert: inserter(db, codec),
    /** Updates or removes a record. */
    write({ before, after }: Change<Record>): void {
      if (before === undefined) return;
      if (after === undefined) remove.run(before.id);
      else update(before, after);
    },
  };
}

/** The number of rows of a statement that inserts several, which saves a quarter of the time for each. */
const ROWS_AT_ONCE = 20;

/** Returns a function that inserts records. */
function inserter<Record>(db: DatabaseSync, { table, columns, toRow }: SqliteCodec<Record>) {
  const names = columns.map(({ name }) => name);
  const one = command(db, insertSql(table, names));
  let several: Command<Parameter[]> | undefined;

  return (records: readonly Record[]): void => {
    let index = 0;
    for (; index + ROWS_AT_ONCE <= records.length; index += ROWS_AT_ONCE) {
      several ??= command(db, insertSql(table, names, ROWS_AT_ONCE));
      const cells: Parameter[] = [];
      for (let place = index; place < index + ROWS_AT_ONCE; place++) {
        for (const cell of toRow(records[place] as Record)) cells.push(cell);
      }
      several.run(...cells);
    }
    for (; index < records.length; index++) one.run(...toRow(records[index] as Record));
  };
}

/** The maximum number of cached statements. A call needs few, but rows could ask for thousands. */
const UPDATES_KEPT = 200;

/** The number of recent statements that are searched before the cache. */
const RECENT = 4;

/** Updates only the changed columns: SQLite rewrites the indexes of every column that a statement sets. */
function updater<Record extends { readonly id: number }>(db: DatabaseSync, codec: SqliteCodec<Record>) {
  const { table, columns, difference } = codec;
  const kept = new Map<string, Command<Parameter[]>>();
  /** Rows of a call mostly change the same few sets of columns. Comparing with them is cheaper than a map lookup. */
  const recent: { readonly changed: readonly number[]; readonly update: Command<Parameter[]> }[] = [];

  function statement(changed: readonly number[]): Command<Parameter[]> {
    for (const each of recent) if (areEqual(each.changed, changed)) return each.update;
    const form = changed.join();
    let update = kept.get(form);
    if (update === undefined) {
      const names = changed.map((index) => columns[index]?.name ?? '');
      update = command(db, updateSql(table, names));
      if (kept.size >= UPDATES_KEPT) kept.clear();
      kept.set(form, update);
    }
    recent.unshift({ changed, update });
    if (recent.length > RECENT) recent.pop();
    return update;
  }

  return (before: Record, after: Record): void => {
    const { columns: changed, cells } = difference(before, after);
    if (changed.length > 0) statement(changed).run(...cells, after.id);
  };
}

function areEqual(some: readonly number[], others: readonly number[]): boolean {
  if (some.length !== others.length) return false;
  for (let index = 0; index < some.length; index++) if (some[index] !== others[index]) return false;
  return true;
}

const insertSql = (table: string, columns: readonly string[], rows = 1) => {
  const row = `(${columns.map(() => '?').join(', ')})`;
  return `INSERT INTO ${table} (${columns.join(', ')}) VALUES ${Array(rows).fill(row).join(', ')}`;
};

const updateSql = (table: string, columns: readonly string[]) =>
  `UPDATE ${table} SET ${columns.map((column) => `${column} = ?`).join(', ')} WHERE id = ?`;

type Write = (records: readonly AnyRecordChange[]) => void;

/**
 * Returns a function for each type that writes the parts of its records. Deletes rows before it inserts others, since
 * a row can move from one record to another.
 */
function partWriters(db: DatabaseSync): { readonly type: RecordType; readonly write: Write }[] {
  return recordTypes.flatMap((type) => {
    const owner = declarationOf[type];
    return Object.entries(owner.parts).map(([property, part]) => ({
      type,
      write:
        part.kind === 'rows' ? rowsWriter(db, owner, property, part) : textsWriter(db, owner, property, part),
    }));
  });
}

function rowsWriter(db: DatabaseSync, owner: Declaration, property: string, part: RowsPart): Write {
  const { table, columns, toRow, areEqual } = partCodec(part, owner, kinds);
  const names = columns.map(({ name }) => name);
  const remove = command<[number, number]>(
    db,
    `DELETE FROM ${table} WHERE id = ? AND ${ownerColumn(owner)} = ?`,
  );
  const insert = command(db, insertSql(table, names));
  const update = command(db, updateSql(table, names));
  return (records) => {
    const { gone, created, updated } = rowChanges(owner.name as RecordType, property, areEqual, records);
    for (const { id, ownerId } of gone) remove.run(id, ownerId);
    for (const { row, ownerId } of created) insert.run(...toRow(row, ownerId));
    for (const { row, ownerId } of updated) update.run(...toRow(row, ownerId), row.id);
  };
}

function textsWriter(db: DatabaseSync, owner: Declaration, property: string, part: TextsPart): Write {
  const { table, nameColumn } = part;
  const ownerId = ownerColumn(owner);
  const put = command(
    db,
    `INSERT OR REPLACE INTO ${table} (${ownerId}, ${nameColumn}, value) VALUES (?, ?, ?)`,
  );
  const remove = command(db, `DELETE FROM ${table} WHERE ${ownerId} = ? AND ${nameColumn} = ?`);
  return (records) => {
    const changes = textChanges(owner.name as RecordType, property, records);
    for (const { ownerId: id, name } of changes.gone) remove.run(id, name);
    for (const { ownerId: id, name, value } of changes.put) put.run(id, name, value);
  };
}
