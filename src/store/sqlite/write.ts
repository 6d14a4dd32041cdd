import type { DatabaseSync } from 'node:sqlite';
import type { AnyRecordChange, Changes, CountedType, RecordChange } from '../../rules/facts.ts';
import type { CostRecord, ProgramRecord } from '../../rules/records.ts';
import type { KeyIndex } from './keys.ts';
import { companyShape, costShape, leadShape, mObjectShapes, programShape, type RowShape } from './rows.ts';
import type { SchemaTables } from './schema.ts';
import { type Command, command, type Parameter } from './statements.ts';

/** Changes → rows, inside the transaction that is under way. */
export function writer(db: DatabaseSync, keys: KeyIndex, schemas: SchemaTables): (changes: Changes) => void {
  const tables = {
    Opportunity: tableWriter(db, mObjectShapes.Opportunity),
    OpportunityPersonRole: tableWriter(db, mObjectShapes.OpportunityPersonRole),
    Lead: tableWriter(db, leadShape),
    Company: tableWriter(db, companyShape),
    Program: tableWriter(db, programShape),
  };
  const parts = programPartsWriter(db);
  const raise = command<[string, number]>(
    db,
    'INSERT INTO counter (type, last_id) VALUES (?, ?) ' +
      'ON CONFLICT (type) DO UPDATE SET last_id = max(last_id, excluded.last_id)',
  );

  function writeRecord(change: AnyRecordChange): void {
    switch (change.type) {
      case 'Opportunity':
        tables.Opportunity(change);
        break;
      case 'OpportunityPersonRole':
        tables.OpportunityPersonRole(change);
        break;
      case 'Lead':
        tables.Lead(change);
        break;
      case 'Company':
        tables.Company(change);
        break;
      case 'Program':
        tables.Program(change);
        break;
    }
  }

  return (changes) => {
    schemas.write(changes);
    if (changes.records.length > 0) {
      const { keyFields } = schemas.current();
      for (const change of changes.records) {
        writeRecord(change);
        keys.follow(change, keyFields);
      }
      parts(changes.records.filter((change) => change.type === 'Program'));
      for (const [type, id] of newestIds(changes)) raise.run(type, id);
    }
    keys.writeLoose(changes);
  };
}

/** The highest id of each counted type among the records and costs that are written new. */
function newestIds({ records }: Changes): Map<CountedType, number> {
  const newest = new Map<CountedType, number>();
  const created = (type: CountedType, id: number) => {
    if (id > (newest.get(type) ?? 0)) newest.set(type, id);
  };
  for (const { type, before, after } of records) {
    if (after === undefined) continue;
    if (type === 'Program') for (const { id } of after.costs) created('Cost', id);
    else if ((type === 'Opportunity' || type === 'OpportunityPersonRole') && before === undefined) {
      created(type, after.id);
    }
  }
  return newest;
}

interface Change<Record> {
  readonly before: Record | undefined;
  readonly after: Record | undefined;
}

function tableWriter<Record extends { readonly id: number }>(db: DatabaseSync, shape: RowShape<Record>) {
  const { table, columns, toRow } = shape;
  const insert = command(db, insertSql(table, columns));
  const update = updater(db, shape);
  const remove = command<[number]>(db, `DELETE FROM ${table} WHERE id = ?`);

  return ({ before, after }: Change<Record>): void => {
    if (after === undefined) {
      if (before !== undefined) remove.run(before.id);
    } else if (before === undefined) insert.run(...toRow(after));
    else update(before, after);
  };
}

/** So many forms of the statement are kept; a call has few, but rows could make up thousands. */
const UPDATES_KEPT = 200;

/** So many are looked through before a form is made. */
const RECENT = 4;

/** Writes the cells that changed, and no others: naming a column makes SQLite rewrite its indexes. */
function updater<Record extends { readonly id: number }>(db: DatabaseSync, shape: RowShape<Record>) {
  const { table, columns, difference } = shape;
  const kept = new Map<string, Command<Parameter[]>>();
  /** Rows of a call mostly change the same few sets of fields: that is cheaper to see than to look a form up. */
  const recent: { readonly changed: readonly number[]; readonly update: Command<Parameter[]> }[] = [];

  function statement(changed: readonly number[]): Command<Parameter[]> {
    for (const each of recent) if (areEqual(each.changed, changed)) return each.update;
    const form = changed.join();
    let update = kept.get(form);
    if (update === undefined) {
      const names = changed.map((index) => columns[index] ?? '');
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

const insertSql = (table: string, columns: readonly string[]) =>
  `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`;

const updateSql = (table: string, columns: readonly string[]) =>
  `UPDATE ${table} SET ${columns.map((column) => `${column} = ?`).join(', ')} WHERE id = ?`;

/**
 * Writes the tags, tokens and costs of changed programs. Costs that go are removed before others are written: a cost
 * can move from one program to another.
 */
function programPartsWriter(db: DatabaseSync) {
  const removeCost = command<[number, number]>(
    db,
    'DELETE FROM program_cost WHERE id = ? AND program_id = ?',
  );
  const insertCost = command(db, insertSql(costShape.table, costShape.columns));
  const updateCost = command(db, updateSql(costShape.table, costShape.columns));
  const tags = mapWriter(db, 'program_tag', 'type');
  const tokens = mapWriter(db, 'program_token', 'name');

  return (changes: readonly RecordChange<'Program'>[]): void => {
    for (const { before, after } of changes) {
      const kept = new Set(after?.costs.map(({ id }) => id));
      for (const { id } of before?.costs ?? []) {
        if (before !== undefined && !kept.has(id)) removeCost.run(id, before.id);
      }
    }
    for (const { before, after } of changes) {
      const programId = (after ?? before)?.id;
      if (programId === undefined) continue;
      tags(programId, before?.tags, after?.tags);
      tokens(programId, before?.tokens, after?.tokens);
      if (after !== undefined) writeCosts(before, after);
    }
  };

  function writeCosts(before: ProgramRecord | undefined, after: ProgramRecord): void {
    const earlier = new Map(before?.costs.map((cost) => [cost.id, cost]));
    for (const cost of after.costs) {
      const known = earlier.get(cost.id);
      if (known === undefined) insertCost.run(...costShape.toRow(cost, after.id));
      else if (!sameCost(known, cost)) updateCost.run(...costShape.toRow(cost, after.id), cost.id);
    }
  }
}

const sameCost = (a: CostRecord, b: CostRecord) =>
  a === b || (a.month === b.month && a.amount === b.amount && a.note === b.note);

type Texts = ReadonlyMap<string, string>;

function mapWriter(db: DatabaseSync, table: string, keyColumn: string) {
  const put = command(
    db,
    `INSERT OR REPLACE INTO ${table} (program_id, ${keyColumn}, value) VALUES (?, ?, ?)`,
  );
  const remove = command(db, `DELETE FROM ${table} WHERE program_id = ? AND ${keyColumn} = ?`);

  return (programId: number, before: Texts = new Map(), after: Texts = new Map()): void => {
    if (before === after) return;
    for (const key of before.keys()) if (!after.has(key)) remove.run(programId, key);
    for (const [key, value] of after) if (before.get(key) !== value) put.run(programId, key, value);
  };
}
