import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Condition, ObjectQuery } from '../../src/rules/query.ts';
import { checkRecords } from '../../src/store/check/records.ts';
import { sqliteCheckSource } from '../../src/store/sqlite/check-source.ts';
import { findStatement } from '../../src/store/sqlite/find.ts';
import { type KeyIndex, keyIndex } from '../../src/store/sqlite/keys.ts';
import { migrate } from '../../src/store/sqlite/migrations.ts';
import { type QueryIndexes, queryIndexes } from '../../src/store/sqlite/query-indexes.ts';
import { schemaTables } from '../../src/store/sqlite/schema.ts';
import { objectQuery, type Parameter, valueQuery } from '../../src/store/sqlite/statements.ts';
import { changed } from './fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'mktows-plans-'));
const path = join(folder, 'plans.db');
let db: DatabaseSync;
let keys: ReturnType<typeof keyIndex>;
let schemas: ReturnType<typeof schemaTables>;
let ranges: QueryIndexes;

beforeAll(async () => {
  db = new DatabaseSync(path);
  await migrate(db, '2026-11-23T12:00:00.000Z');
  db.exec(`INSERT INTO field_definition (owner, folded_name, name, data_type, size) VALUES
    ('Opportunity', 'oppkey', 'oppKey', 'string', 255)`);
  db.exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50000)
    INSERT INTO opportunity (id, name, stage, type, company_id, created_at, updated_at, custom)
    SELECT i, 'name ' || i, 'stage ' || (i % 5), 'type ' || (i % 3), i % 100, strftime('%Y-%m-%dT%H:%M:%fZ', i * 60, 'unixepoch'),
      strftime('%Y-%m-%dT%H:%M:%fZ', i * 60, 'unixepoch'), json_object('oppKey', 'K' || i) FROM n`);
  schemas = schemaTables(db);
  keys = keyIndex(db, schemas);
  ranges = queryIndexes(db);
  db.exec('BEGIN');
  keys.ensureIndexed([{ type: 'Opportunity', name: 'oppkey', value: 'K1' }]);
  db.exec('COMMIT');
});
afterAll(() => {
  db.close();
  rmSync(folder, { recursive: true });
});

const field = (name: string) => {
  const found = schemas.current().schema.fields.Opportunity.find(name);
  if (found === undefined) throw new Error(name);
  return { kind: 'field', field: found } as const;
};
const query = (more: Partial<ObjectQuery>): ObjectQuery => ({
  type: 'Opportunity',
  conditions: [],
  key: undefined,
  associations: [],
  tag: undefined,
  includeArchived: false,
  after: 0,
  limit: 100,
  ...more,
});

function planOf(asked: ObjectQuery): string {
  ranges.make(asked);
  const statement = findStatement(db, keys, schemas, asked);
  if (statement === undefined) throw new Error('leads nowhere');
  return stepsOf(db, statement.text, statement.values).join('\n');
}

/** The plan of a statement, step by step. */
function stepsOf(on: DatabaseSync, text: string, values: readonly Parameter[] = []): string[] {
  const plan = objectQuery<readonly Parameter[], { detail: string }>(on, `EXPLAIN QUERY PLAN ${text}`);
  return plan.all(...values).map(({ detail }) => detail);
}

const time = (minute: number) => new Date(minute * 60_000).toISOString();

describe('the index of a compared column', () => {
  const byStage = (comparison: Condition['comparison']) =>
    query({ conditions: [{ subject: field('Stage'), comparison, value: 'stage 2' }] });
  const indexes = () => valueQuery(db, "SELECT name FROM sqlite_master WHERE type = 'index'").all();

  it('is not there before a query needs it, and made once by the first that does', () => {
    expect(indexes()).not.toContain('opportunity_by_stage');
    expect(ranges.areMissing(byStage('EQ'))).toBe(true);
    ranges.make(byStage('EQ'));
    expect(indexes()).toContain('opportunity_by_stage');
    expect(ranges.areMissing(byStage('LT'))).toBe(false);
    expect(queryIndexes(db).areMissing(byStage('LT'))).toBe(false);
  });

  it('is made for a company when opportunities are first asked for by it', () => {
    const byCompany = query({ associations: [{ target: 'Company', pointer: { id: 7 } }] });
    const byCompanyId = query({ conditions: [{ subject: field('CompanyId'), comparison: 'EQ', value: 7 }] });
    expect([ranges.areMissing(byCompany), ranges.areMissing(byCompanyId)]).toEqual([true, true]);
    ranges.make(byCompanyId);
    expect([ranges.areMissing(byCompany), ranges.areMissing(byCompanyId)]).toEqual([false, false]);
  });

  it('is not made for a comparison that it does not help', () => {
    const condition: Condition = { subject: field('Type'), comparison: 'NE', value: 'type 1' };
    expect(ranges.areMissing(query({ conditions: [condition] }))).toBe(false);
  });

  it('that another connection has made meanwhile is taken as it is', () => {
    const byType = query({ conditions: [{ subject: field('Type'), comparison: 'EQ', value: 'type 1' }] });
    const other = queryIndexes(db);
    expect(other.areMissing(byType)).toBe(true);
    ranges.make(byType);
    other.make(byType);
    expect(other.areMissing(byType)).toBe(false);
  });

  it('counts as missing again when the transaction that made it was undone', () => {
    const byName = query({ conditions: [{ subject: field('Name'), comparison: 'EQ', value: 'name 1' }] });
    db.exec('BEGIN');
    ranges.make(byName);
    db.exec('ROLLBACK');
    ranges.forget();
    expect(ranges.areMissing(byName)).toBe(true);
  });
});

describe('a query reads through an index', () => {
  it.each<[string, () => Condition[], string]>([
    [
      'Name EQ',
      () => [{ subject: field('Name'), comparison: 'EQ', value: 'name 7' }],
      'opportunity_by_name (name=?',
    ],
    [
      'Stage EQ',
      () => [{ subject: field('Stage'), comparison: 'EQ', value: 'stage 2' }],
      'opportunity_by_stage (stage=?',
    ],
    [
      'Type EQ',
      () => [{ subject: field('Type'), comparison: 'EQ', value: 'type 2' }],
      'opportunity_by_type (type=?',
    ],
    [
      'Name in a narrow range',
      () => [{ subject: field('Name'), comparison: 'GE', value: 'name 9999' }],
      'opportunity_by_name (name>?',
    ],
    [
      'Created At in a narrow range',
      () => [{ subject: { kind: 'time', which: 'createdAt' }, comparison: 'GT', value: time(49_000) }],
      'opportunity_by_created_at (created_at>?',
    ],
    [
      'Updated At in a narrow range',
      () => [
        { subject: { kind: 'time', which: 'updatedAt' }, comparison: 'GE', value: time(100) },
        { subject: { kind: 'time', which: 'updatedAt' }, comparison: 'LT', value: time(200) },
      ],
      'opportunity_by_updated_at (updated_at>? AND updated_at<?',
    ],
    ['Id', () => [{ subject: { kind: 'id' }, comparison: 'GE', value: 7 }], 'INTEGER PRIMARY KEY (rowid>?'],
    [
      'an external key as a criterion',
      () => [{ subject: field('oppKey'), comparison: 'EQ', value: 'K7' }],
      'PRIMARY KEY (name_id=? AND value=?)',
    ],
  ])('%s', (_case, conditions, index) => {
    const plan = planOf(query({ conditions: conditions() }));
    expect(plan).toContain(index);
    expect(plan).not.toMatch(/SCAN opportunity/);
  });

  it('an equal value in the order of the ids, without sorting', () => {
    const plan = planOf(
      query({ conditions: [{ subject: field('Stage'), comparison: 'EQ', value: 'stage 2' }] }),
    );
    expect(plan).not.toContain('TEMP B-TREE');
  });

  it('many rows in a range by walking the ids, without sorting them on every page', () => {
    const wide: Condition = {
      subject: { kind: 'time', which: 'createdAt' },
      comparison: 'GT',
      value: time(10),
    };
    const plan = planOf(query({ conditions: [wide], after: 40_000 }));
    expect(plan).toContain('INTEGER PRIMARY KEY (rowid>?');
    expect(plan).not.toContain('TEMP B-TREE');
  });

  it.each<[string, Partial<ObjectQuery>, string]>([
    [
      'opportunities of a company',
      { associations: [{ target: 'Company', pointer: { id: 7 } }] },
      'opportunity_by_company (company_id=?',
    ],
    [
      'opportunities of a lead',
      { associations: [{ target: 'Lead', pointer: { id: 7 } }] },
      'role_by_person (person_id=?',
    ],
    [
      'roles of an opportunity',
      { type: 'OpportunityPersonRole', associations: [{ target: 'Opportunity', pointer: { id: 7 } }] },
      'role_by_opportunity (opportunity_id=?',
    ],
    [
      'roles of a lead',
      { type: 'OpportunityPersonRole', associations: [{ target: 'Lead', pointer: { id: 7 } }] },
      'role_by_person (person_id=?',
    ],
  ])('%s', (_case, asked, index) => {
    expect(planOf(query(asked))).toContain(index);
  });

  it('a page in the middle from its first id on', () => {
    expect(planOf(query({ after: 40_000 }))).toBe('SEARCH opportunity USING INTEGER PRIMARY KEY (rowid>?)');
  });
});

describe('the index of external keys', () => {
  /** The plans of all statements on its entries that the work runs. */
  async function plansOf(work: (traced: DatabaseSync) => unknown): Promise<string> {
    const statements = new Set<string>();
    const note = (message: unknown) => {
      const { sql, database } = message as { sql: string; database: DatabaseSync };
      if (database === traced) statements.add(sql);
    };
    subscribe('sqlite.db.query', note);
    const traced = new DatabaseSync(path);
    try {
      await work(traced);
      return Array.from(statements)
        .filter((text) => !text.startsWith('EXPLAIN') && /key_entry|external_key|entry_by_object/.test(text))
        .filter((text) => /^(SELECT|DELETE|INSERT)/.test(text))
        .flatMap((text) => stepsOf(traced, text))
        .join('\n');
    } finally {
      unsubscribe('sqlite.db.query', note);
      traced.close();
    }
  }
  const byKey = /^SEARCH (key_entry|held) USING PRIMARY KEY \(name_id=\? AND value=\?/m;
  const byObject = /^SEARCH key_entry USING INDEX loose_key_by_object \(object_id[=>]\?/m;
  const walk = /(SCAN|SEARCH) (key_entry|held) (?!.*(value=|object_id))/;
  const wanted = (value: string) => ({ type: 'Opportunity', name: 'oppkey', value }) as const;
  const loose = (id: number, name: string) => ({ type: 'Opportunity', id, name, value: 'v' }) as const;
  const removal = changed(50_000, { oppKey: 'K50000' }, undefined);
  const changes = { records: [], newFields: [], looseKeys: [] };

  it.each<[string, (index: KeyIndex) => unknown, RegExp]>([
    ['the holders of one key', (index) => index.holders([wanted('K1')], 10), byKey],
    ['the holders of several keys', (index) => index.holders(['K1', 'K2'].map(wanted), 10), byKey],
    ['the keys of a removed object', (index) => index.follow(removal, schemas.current().keyFields), byKey],
    [
      'the loose keys of a removed object',
      (index) => index.follow(removal, schemas.current().keyFields),
      byObject,
    ],
    [
      'a loose key that is written',
      (index) => index.writeLoose({ ...changes, looseKeys: [loose(1, 'k')] }),
      byObject,
    ],
    [
      'a loose key that is removed',
      (index) => index.writeLoose({ ...changes, removedLooseKeys: [loose(1, 'k')] }),
      byObject,
    ],
    ['the loose keys of some objects', (index) => index.loose('Opportunity', [1, 2]), byObject],
    ['a page of loose keys', (index) => index.looseAfter('Opportunity', 7, 'k', 10), byObject],
  ])('is not walked for %s', async (_case, work, search) => {
    const plans = await plansOf((traced) => work(keyIndex(traced, schemaTables(traced))));
    expect(plans).toMatch(search);
    expect(plans).not.toMatch(walk);
  });

  it('is read by the check of a database once and no more, for all objects and for each type', async () => {
    const plans = await plansOf((traced) => checkRecords(sqliteCheckSource(traced, path), schemas.current()));
    expect(plans).toContain('SCAN key_entry');
    expect(plans).toContain('SEARCH entry_by_object USING PRIMARY KEY (object_id>? AND object_id<?)');
    expect(plans).toContain('SEARCH e USING PRIMARY KEY (name_id=?)');
    expect(plans).not.toMatch(/SCAN (e|n|entry_by_object)\b(?! USING COVERING)/);
  });
});
