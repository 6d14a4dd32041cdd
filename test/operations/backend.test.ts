import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import type { Backend, PageQuery } from '../../src/backend.ts';
import { getMObjects } from '../../src/operations/get-mobjects.ts';
import { syncMObjects } from '../../src/operations/sync-mobjects.ts';
import { fieldValues } from '../../src/records/field-values.ts';
import { defaultSettings } from '../../src/rules/settings.ts';
import { readIdentity } from '../../src/rules/sync-row.ts';
import { openStore } from '../../src/store/open.ts';

const now = new Date('2026-11-23T12:00:00Z');
const store = await openStore('sqlite::memory:');
const schema = await store.schema();

type MObjectBackend = Pick<Backend, 'sync' | 'delete' | 'find' | 'schema' | 'sign'>;

/** A backend as one over a remote service would be: no transaction, ids and places of its own. */
function remoteBackend(asked: PageQuery[] = []): MObjectBackend {
  const at = now.toISOString();
  return {
    async sync({ mObjects }) {
      return mObjects.map((mObject, index) => ({
        row: readIdentity(mObject),
        outcome:
          index === 0
            ? ({ status: 'CREATED', id: 1_000_000_001 } as const)
            : ({ status: 'FAILED', id: null, reason: '606 - not sent' } as const),
      }));
    },
    async delete() {
      return [];
    },
    async find(query) {
      asked.push(query);
      const isFirst = query.after === 0;
      const id = isFirst ? 1_000_000_002 : 1_000_000_001;
      const record = { id, createdAt: at, updatedAt: at, values: fieldValues('Opportunity', []) };
      return {
        type: 'Opportunity',
        records: [record],
        hasMore: isFirst,
        end: isFirst ? 'GIYDAOBNGEYS2MBW' : 'behind the last',
      };
    },
    schema: async () => schema,
    async sign(text) {
      return createHash('sha256').update(text).digest();
    },
  };
}

const context = (backend: MObjectBackend) => ({
  backend: backend as Backend,
  settings: defaultSettings,
  now,
});

it('the rows of a call end as the backend says, one by one', async () => {
  const mObject = [
    { type: 'Opportunity', externalKey: { name: 'ExtId', value: 'a' } },
    { type: 'Opportunity', externalKey: { name: 'ExtId', value: 'b' } },
  ];
  const params = { operation: 'UPSERT' as const, mObjectList: { mObject } };
  const outcome = await syncMObjects({ params, unreadable: new Map() }, context(remoteBackend()));
  expect(outcome.answer.result.mObjStatusList.mObjStatus).toEqual([
    { id: 1_000_000_001, externalKey: { name: 'ExtId', value: 'a' }, status: 'CREATED' },
    { id: null, externalKey: { name: 'ExtId', value: 'b' }, status: 'FAILED', error: '606 - not sent' },
  ]);
  expect(outcome).toMatchObject({ mode: 'UPSERT', isJournaled: true });
  expect(outcome.rows.map(({ status }) => status)).toEqual(['CREATED', 'FAILED']);
});

it('a stream position carries whatever the backend calls the place', async () => {
  const asked: PageQuery[] = [];
  const backend = remoteBackend(asked);
  const page = (streamPosition?: string) =>
    getMObjects(
      {
        params: { type: 'Opportunity', ...(streamPosition === undefined ? {} : { streamPosition }) },
        unreadable: new Map(),
      },
      context(backend),
    );
  const first = await page();
  expect(first.answer.result.hasMore).toBe(true);
  const second = await page(first.answer.result.newStreamPosition ?? '');
  expect(asked.map(({ after }) => after)).toEqual([0, 'GIYDAOBNGEYS2MBW']);
  expect(second.answer.result.mObjectList?.mObject).toMatchObject([{ id: 1_000_000_001 }]);
  await expect(page(second.answer.result.newStreamPosition ?? '')).rejects.toMatchObject({ code: 20123 });
});
