import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ListCondition } from '../../src/rules/list-query.ts';
import { openStore } from '../../src/store/open.ts';
import { pageStatement, stepStatement } from '../../src/store/sqlite/list.ts';
import type { Store } from '../../src/store/store.ts';
import { runOn } from './sqlite-file.ts';

const LEADS = 180_000;
const hour = (number: number) => `2026-01-01T${String(number).padStart(2, '0')}:00:00.000Z`;

/** Lead 1 to LEADS; the even ones were updated all at once, the others one a second, every third first. */
const updatedAt = (id: number): string =>
  id % 2 === 0 ? hour(5) : new Date(Date.UTC(2026, 0, 2) + ((id * 7) % LEADS) * 1000).toISOString();

describe('pages and counts of a range of very many records', () => {
  let folder: string;
  let store: Store;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mktows-steps-'));
    const path = join(folder, 'test.db');
    await (await openStore(`sqlite:${path}`)).close();
    runOn(
      path,
      `INSERT INTO lead (id, created_at, updated_at)
       WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < ${LEADS})
       SELECT id, '${hour(0)}', CASE WHEN id % 2 = 0 THEN '${hour(5)}'
         ELSE strftime('%Y-%m-%dT%H:%M:%fZ', '2026-01-02', '+' || ((id * 7) % ${LEADS}) || ' seconds') END FROM n`,
    );
    store = await openStore(`sqlite:${path}`);
  });
  afterAll(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });

  const idsIn = (from: string | undefined, to: string | undefined) =>
    Array.from({ length: LEADS }, (_, index) => index + 1).filter((id) => {
      const at = updatedAt(id);
      return (from === undefined || at >= from) && (to === undefined || at <= to);
    });
  const windows: [name: string, from: string | undefined, to: string | undefined][] = [
    ['all', undefined, undefined],
    ['those updated at once', hour(5), hour(5)],
    ['those updated one by one', '2026-01-02', undefined],
    ['those up to a moment', undefined, '2026-01-03T11:11:11.000Z'],
    ['a few', '2026-01-02T03:00:00.000Z', '2026-01-02T03:10:00.000Z'],
    ['none', '2027', undefined],
  ];
  const conditions = (from: string | undefined, to: string | undefined): ListCondition[] => [
    {
      property: 'updatedAt',
      ...(from === undefined ? { from: '2000' } : { from }),
      ...(to === undefined ? {} : { to }),
    },
  ];

  it.each(windows)('are those of %s', async (_name, from, to) => {
    const where = conditions(from, to);
    const expected = idsIn(from, to);
    expect(await store.count({ type: 'Lead', where })).toBe(expected.length);
    const behind = [...where, { property: 'id', from: 99_999 }];
    expect(await store.count({ type: 'Lead', where: behind })).toBe(
      expected.filter((id) => id >= 99_999).length,
    );
    for (const after of [undefined, 3, 120_001, LEADS - 5, LEADS]) {
      for (const descending of [false, true]) {
        const rest = expected.filter((id) => after === undefined || (descending ? id < after : id > after));
        if (descending) rest.reverse();
        const page = await store.list({
          type: 'Lead',
          where,
          descending,
          limit: 50,
          ...(after === undefined ? {} : { after }),
        });
        expect(page.records.map(({ id }) => id)).toEqual(rest.slice(0, 50));
        expect(page.hasMore).toBe(rest.length > 50);
      }
    }
  });

  it('go through the index of the range, or through ids, and never through all records', () => {
    const query = { type: 'Lead', where: conditions('2026', '2027'), after: 5, limit: 10 } as const;
    const db = new DatabaseSync(join(folder, 'test.db'));
    try {
      const planOf = ({ text, values }: ReturnType<typeof pageStatement>) =>
        db
          .prepare(`EXPLAIN QUERY PLAN ${text}`)
          .all(...(values as string[]))
          .map(({ detail }) => detail);
      expect(planOf(pageStatement(query))[0]).toContain(
        'COVERING INDEX lead_by_updated_at (updated_at>? AND updated_at<?)',
      );
      expect(planOf(stepStatement(query, 100))).toEqual([
        expect.stringContaining('INTEGER PRIMARY KEY (rowid>? AND rowid<?)'),
      ]);
    } finally {
      db.close();
    }
  });
});
