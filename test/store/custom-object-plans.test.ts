import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findCustomObjects } from '../../src/local/find-custom-objects.ts';
import type { CustomObjectQuery } from '../../src/rules/custom-objects/find-query.ts';
import { objectKey } from '../../src/rules/custom-objects/object-key.ts';
import type { ListQuery } from '../../src/rules/list-query.ts';
import { pageStatement } from '../../src/store/sqlite/list.ts';
import { migrate } from '../../src/store/sqlite/migrations.ts';
import { objectQuery, type Parameter } from '../../src/store/sqlite/statements.ts';

let db: DatabaseSync;
beforeAll(async () => {
  db = new DatabaseSync(':memory:');
  await migrate(db, '2026-11-23T12:00:00.000Z');
});
afterAll(() => db.close());

const type = {
  id: 1,
  name: 'Roadshow',
  keys: [
    { name: 'rid', dataType: 'string' },
    { name: 'MKTOID', dataType: 'integer' },
  ],
  fields: [],
} as const;

/** Returns the plans of the pages that a search reads. */
async function plansOf(query: Partial<CustomObjectQuery>): Promise<string[]> {
  const plans: string[] = [];
  await findCustomObjects(
    {
      async list(page: ListQuery) {
        const { text, values } = pageStatement(page);
        const plan = objectQuery<readonly Parameter[], { detail: string }>(db, `EXPLAIN QUERY PLAN ${text}`);
        plans.push(
          plan
            .all(...values)
            .map(({ detail }) => detail)
            .join('; '),
        );
        return { records: [], hasMore: false };
      },
      count: async () => 0,
    },
    { type, conditions: [], after: undefined, skip: 0, left: undefined, limit: 100, ...query },
  );
  return plans;
}

const byKey = 'SEARCH custom_object USING COVERING INDEX custom_object_by_key';
const rid = { name: 'rid', values: ['a', 'b'] };
const lead = { name: 'MKTOID', values: [7] };

it.each<[string, Partial<CustomObjectQuery>, string[]]>([
  ['the first page of a type', {}, [`${byKey} (type_id=?)`]],
  ['a later page', { after: objectKey(['a', 7]) }, [`${byKey} (type_id=? AND key>?)`]],
  [
    'objects with some values of the first key',
    { conditions: [rid] },
    [`${byKey} (type_id=? AND key>? AND key<?)`, `${byKey} (type_id=? AND key>? AND key<?)`],
  ],
  [
    'a later page of them',
    { conditions: [rid], after: objectKey(['b', 7]) },
    [`${byKey} (type_id=? AND key>? AND key<?)`],
  ],
  [
    'the objects of a lead',
    { conditions: [lead] },
    ['SEARCH custom_object USING COVERING INDEX custom_object_by_lead (lead_id=? AND rowid>?)'],
  ],
])('%s are read in the order of an index', async (_, query, plans) => {
  expect(await plansOf(query)).toEqual(plans);
});
