import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ListCondition } from '../../src/rules/list-query.ts';
import { countStatement, pageStatement } from '../../src/store/sqlite/list.ts';
import { migrate } from '../../src/store/sqlite/migrations.ts';

/**
 * The plans of pages and counts of activities on SQLite, with enough rows that a plan through the wrong index would cost
 * more with each activity.
 */
let db: DatabaseSync;
const ROWS = 60_000;
const at = (minute: number) => new Date(minute * 60_000).toISOString();

beforeAll(async () => {
  db = new DatabaseSync(':memory:');
  await migrate(db, '2026-11-23T12:00:00.000Z');
  db.exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${ROWS})
    INSERT INTO activity (id, lead_id, type, at, attributes)
    SELECT i, i % 100, iif(i % 9 = 0, 'NewLead', 'ChangeDataValue'), strftime('%Y-%m-%dT%H:%M:%fZ', i * 60, 'unixepoch'), '[]' FROM n`);
});
afterAll(() => db.close());

const plan = ({ text, values }: { text: string; values: (string | number | null)[] }): string =>
  db
    .prepare(`EXPLAIN QUERY PLAN ${text}`)
    .all(...values)
    .map(({ detail }) => detail)
    .join('\n');

const type = 'Activity';
const ids = { from: 100, to: 20_100 };
const lead: ListCondition = { property: 'leadId', equals: 7 };
const someLeads: ListCondition = { property: 'leadId', in: [7, 8, 9] };
const members: ListCondition = {
  property: 'leadId',
  in: { type: 'ListMember', property: 'leadId', where: [{ property: 'listId', equals: 3 }], each: true },
};
const types: ListCondition = { property: 'type', in: ['NewLead'] };
const window: ListCondition = { property: 'at', from: at(10), to: at(50_000) };
const narrow: ListCondition = { property: 'at', from: at(59_000), to: at(59_900) };

describe('a page of activities', () => {
  it.each<[string, readonly ListCondition[], RegExp]>([
    ['of all leads', [types, window], /INTEGER PRIMARY KEY \(rowid>\? AND rowid<\?\)/],
    ['of a lead', [lead, types, window], /activity_by_lead \(lead_id=\? AND rowid>\? AND rowid<\?\)/],
    [
      'of some leads',
      [someLeads, types, window],
      /activity_by_lead \(lead_id=\? AND rowid>\? AND rowid<\?\)/,
    ],
    ['of a large list', [members, types, window], /INTEGER PRIMARY KEY \(rowid>\? AND rowid<\?\)/],
  ])('%s reads at most a step of ids, as does its count', (_, where, search) => {
    const page = plan(pageStatement({ type, where, ids, descending: true, limit: 100 }));
    expect(page).toMatch(search);
    expect(plan(countStatement({ type, where, ids }))).toMatch(search);
    expect(page).not.toMatch(/SCAN activity|activity_by_at/);
  });

  it('of a large list looks for each lead among the members, and never reads all of them', () => {
    const page = plan(pageStatement({ type, where: [members], ids, limit: 1000 }));
    expect(page).toMatch(
      /list_member EXISTS USING COVERING INDEX list_member_by_list \(list_id=\? AND lead_id=\?\)/,
    );
  });

  it('of a lead goes on behind a place, in the order of the ids', () => {
    const page = plan(pageStatement({ type, where: [lead], after: 900, descending: true, limit: 100 }));
    expect(page).toBe('SEARCH activity USING COVERING INDEX activity_by_lead (lead_id=? AND rowid<?)');
  });

  it('out of a narrow window is found by its times, as is its count', () => {
    const page = plan(pageStatement({ type, where: [narrow, types], after: 59_100, limit: 1000 }));
    expect(page).toContain('activity_by_at (at>? AND at<?)');
    const behind = { property: 'id', from: 59_200 };
    expect(plan(countStatement({ type, where: [narrow, types, behind] }))).toContain(
      'activity_by_at (at>? AND at<?)',
    );
  });

  it('is known to be out of a narrow window without counting a wide one', () => {
    const count = plan(countStatement({ type, where: [window] }, 10_001));
    expect(count).toContain('COVERING INDEX activity_by_at (at>? AND at<?)');
  });
});
