import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EngineDatabase, overBothEngines } from '../store/test-engines.ts';
import { type AdminServer, startAdminServer } from './admin-server.ts';

const lead = (Email: string) => ({ leadRecord: { Email }, returnLead: true });
const opportunity = (values: Record<string, string>) => ({
  type: 'Opportunity',
  attribList: { attrib: Object.entries(values).map(([name, value]) => ({ name, value })) },
});
const customObjects = (value: string) => ({
  objTypeName: 'Car',
  operation: 'UPSERT',
  customObjList: {
    customObj: [
      {
        customObjKeyList: { attribute: [{ attrName: 'vin', attrValue: value }] },
        customObjAttributeList: { attribute: [{ attrName: 'color', attrValue: 'red' }] },
      },
    ],
  },
});

const types = ['Opportunity', 'Lead', 'LeadCookie', 'CustomObjectType', 'CustomObject'];

/** A call of each operation that writes. */
const calls: readonly (readonly [operation: string, params: object])[] = [
  ['syncMObjects', { operation: 'INSERT', mObjectList: { mObject: [opportunity({ Name: 'B', Own: 'x' })] } }],
  [
    'syncMObjects',
    { operation: 'UPDATE', mObjectList: { mObject: [{ ...opportunity({ Name: 'C' }), id: 1 }] } },
  ],
  ['deleteMObjects', { mObjectList: { mObject: [{ type: 'Opportunity', id: 1 }] } }],
  ['syncLead', lead('b@example.com')],
  [
    'syncLead',
    {
      leadRecord: {
        Email: 'a@example.com',
        leadAttributeList: { attribute: [{ attrName: 'FirstName', attrType: 'string', attrValue: 'Z' }] },
      },
      returnLead: false,
    },
  ],
  ['syncMultipleLeads', { leadRecordList: { leadRecord: [{ Email: 'c@example.com' }] } }],
  ['syncCustomObjects', customObjects('2')],
  [
    'deleteCustomObjects',
    {
      objTypeName: 'Car',
      customObjKeyLists: { keyList: [{ attribute: [{ attrName: 'vin', attrValue: '1' }] }] },
    },
  ],
  [
    'getMObjects',
    {
      type: 'Opportunity',
      mObjCriteriaList: { mObjCriteria: [{ attrName: 'Id', comparison: 'EQ', attrValue: '1' }] },
    },
  ],
];

await overBothEngines((engine) => {
  describe('a dry run', () => {
    let database: EngineDatabase;
    let server: AdminServer;
    beforeAll(async () => {
      database = await engine.open();
      server = await startAdminServer({ database: database.url, journalBodies: 'all', schema: 'open' });
      for (const [operation, params] of [
        ['syncMObjects', { operation: 'INSERT', mObjectList: { mObject: [opportunity({ Name: 'A' })] } }],
        ['syncLead', lead('a@example.com')],
        ['syncCustomObjects', customObjects('1')],
      ] as const)
        expect(await post('send', operation, params)).toMatchObject({ fault: null });
    });
    afterAll(async () => {
      await server.remove();
      await database.remove();
    });

    const post = async (path: string, operation: string, params: object) =>
      (await server.ask(`/calls/${path}`, { method: 'POST', body: { operation, params } })).json();

    /** All that a call could change. */
    async function state() {
      const paths = ['instance', 'fields', 'calls', ...types.map((type) => `objects/${type}`)];
      const answers = await Promise.all(paths.map((path) => server.ask(`/${path}`)));
      expect(answers.map(({ status }) => status)).toEqual(paths.map(() => 200));
      const overview = (await server.ask('/overview')).json<{ operations: unknown }>();
      return [...answers.map(({ text }) => text), overview.operations];
    }

    it.each(calls)('of %s changes nothing: %j', async (operation, params) => {
      const before = await state();
      const dry = await post('dry-run', operation, params);
      expect(dry).toMatchObject({ fault: null, number: null });
      expect(await state()).toEqual(before);
    });

    const usedKeys = async () => (await server.ask('/objects/Opportunity/1')).json().keys;

    it('of a call by a new external key makes no index of it', async () => {
      const externalKey = { name: 'Name', value: 'A' };
      const params = {
        operation: 'UPDATE',
        mObjectList: { mObject: [{ type: 'Opportunity', externalKey }] },
      };
      expect(await usedKeys()).toEqual([]);
      const dry = await post('dry-run', 'syncMObjects', params);
      expect(dry).toMatchObject({ fault: null, rowResults: [{ id: 1, status: 'UNCHANGED' }] });
      expect(await usedKeys()).toEqual([]);
    });

    it('of a query that needs an index is refused, and makes none', async () => {
      const query = { type: 'Opportunity', externalKey: { name: 'Name', value: 'A' } };
      const asked = await server.ask('/calls/dry-run', {
        method: 'POST',
        body: { operation: 'getMObjects', params: query },
      });
      expect([asked.status, asked.json().detail]).toEqual([409, expect.stringContaining('index')]);
      expect(await usedKeys()).toEqual([]);
      expect(await post('send', 'getMObjects', query)).toMatchObject({ fault: null });
      expect(await post('dry-run', 'getMObjects', query)).toMatchObject({ fault: null });
    });

    it('takes no id', async () => {
      const params = { operation: 'INSERT', mObjectList: { mObject: [opportunity({ Name: 'D' })] } };
      for (const [operation, sent] of [
        ['syncMObjects', params],
        ['syncLead', lead('d@example.com')],
      ] as const) {
        const dry = await post('dry-run', operation, sent);
        const { rowResults } = await post('send', operation, sent);
        expect(dry.rowResults).toEqual(rowResults);
      }
    });
  });
});
