import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyInstance } from '../../src/instance/apply.ts';
import { recordTypes } from '../../src/records/all.ts';
import { openStore } from '../../src/store/open.ts';
import { type EngineDatabase, overBothEngines } from '../store/test-engines.ts';
import { type AdminServer, startAdminServer } from './admin-server.ts';

const instance = {
  fields: {
    Opportunity: [
      { name: 'Region', dataType: 'string' as const },
      { name: 'Score', dataType: 'integer' as const },
    ],
    Lead: [{ name: 'Country', dataType: 'string' as const }],
  },
  tags: { Product: ['Widget', 'Gadget'] },
  programs: [
    {
      id: 5,
      name: 'Spring fair',
      tags: { Product: 'Widget' },
      tokens: { 'my.Token': 'x' },
      costs: [{ id: 1, month: '2026-03', amount: 12.5, note: 'stand' }],
    },
  ],
  companies: [{ id: 3, name: 'Example Inc', externalKeys: { Account: 'A-3' } }],
  leads: [
    { id: 8, email: 'ada@example.com', companyId: 3, attributes: { Country: 'France', Shoe: '38' } },
    { id: 9, email: 'bob@example.com', attributes: { Country: 'Chile' } },
  ],
  opportunities: [
    {
      id: 1,
      companyId: 3,
      attributes: { Name: 'First', Stage: 'Won', Amount: 10, Region: 'North', Score: 7 },
    },
    {
      id: 2,
      attributes: { Name: 'Second', Stage: 'Lost', Amount: 30, IsWon: false, CloseDate: '2026-03-31' },
    },
    {
      id: 3,
      attributes: { Name: '<script>alert(1)</script>', Stage: 'Won' },
      externalKeys: { legacy: 'L3' },
    },
  ],
  roles: [{ id: 4, opportunityId: 1, leadId: 8, role: 'Buyer', isPrimary: true }],
  customObjects: [
    {
      type: 'roadShow',
      keys: [
        { name: 'MKTOID', dataType: 'integer' as const },
        { name: 'rid', dataType: 'string' as const },
      ],
      fields: [{ name: 'city', dataType: 'string' as const }],
      objects: [{ attributes: { MKTOID: 9, rid: 'R-1', city: 'Boston' } }],
    },
  ],
};

interface Page {
  readonly items: {
    readonly id: number;
    readonly name: string | null;
    readonly values: Record<string, unknown>;
  }[];
  readonly next: string | null;
}

await overBothEngines((engine) => {
  describe('objects in the admin API', () => {
    let database: EngineDatabase;
    let server: AdminServer;
    beforeAll(async () => {
      database = await engine.open();
      const store = await openStore(database.url);
      const options = { mode: 'make', now: new Date('2026-04-01T00:00:00Z'), timeZone: 'UTC' } as const;
      expect(await applyInstance(store, instance, options)).toHaveProperty('report');
      await store.close();
      server = await startAdminServer({ database: database.url });
    });
    afterAll(async () => {
      await server.remove();
      await database.remove();
    });

    const idsOf = async (query: string) =>
      (await server.ask(`/objects/Opportunity${query}`)).json<Page>().items.map(({ id }) => id);

    it('shows a custom object by the values of its keys and fields, and what its type has', async () => {
      const values = async (path: string) => (await server.ask(path)).json<{ values: object }>().values;
      expect(await values('/objects/CustomObject/1')).toEqual({
        ...{ typeId: 1, leadId: 9 },
        ...{ MKTOID: 9, rid: 'R-1', city: 'Boston' },
      });
      expect(await values('/objects/CustomObjectType/1')).toEqual({
        name: 'roadShow',
        keys: 'MKTOID (integer), rid (string)',
        fields: 'city (string)',
      });
    });

    it('lists the types with their fields, custom ones too, and their counts', async () => {
      const types = (await server.ask('/types')).json<
        { name: string; count: number; fields: { name: string }[] }[]
      >();
      expect(types.map(({ name }) => name)).toEqual(recordTypes);
      expect(types.filter(({ count }) => count > 0).map(({ name, count }) => [name, count])).toEqual([
        ['Program', 1],
        ['Company', 1],
        ['Lead', 2],
        ['Opportunity', 3],
        ['OpportunityPersonRole', 1],
        ['CustomObjectType', 1],
        ['CustomObject', 1],
      ]);
      const [opportunity] = types.filter(({ name }) => name === 'Opportunity');
      expect(opportunity?.fields).toContainEqual({
        name: 'Region',
        displayName: null,
        dataType: 'string',
        custom: true,
        references: null,
      });
    });

    it('lists objects, the newest first', async () => {
      const page = (await server.ask('/objects/Opportunity')).json<Page>();
      expect(page.items.map(({ id }) => id)).toEqual([3, 2, 1]);
      expect(page.items[2]).toEqual({
        id: 1,
        name: 'First',
        values: { CompanyId: 3, Name: 'First', Stage: 'Won', Amount: 10, Region: 'North', Score: 7 },
        createdAt: '2026-04-01T00:00:00.000Z',
        updatedAt: '2026-04-01T00:00:00.000Z',
      });
      expect(page.next).toBeNull();
    });

    it.each([
      ['?sort=Name', [3, 1, 2]],
      ['?sort=-amount', [2, 1, 3]],
      ['?sort=Score', [1, 2, 3]],
      ['?where=Stage:eq:Won', [3, 1]],
      ['?where=Stage:eq:Won&where=Region:starts:No', [1]],
      ['?where=Amount:ge:10&where=Amount:lt:30', [1]],
      ['?where=IsWon:isNull', [3, 1]],
      ['?where=CloseDate:gt:2026-01-01', [2]],
      ['?where=updatedAt:gt:2026-04-01T00:00:00%2B01:00', [3, 2, 1]],
      ['?where=Score:eq:7', [1]],
      ['?where=name:contains:SCRIPT', [3]],
      ['?search=seco', [2]],
      ['?search=nort', [1]],
      ['?search=3', [3]],
    ])('answers %s', async (query, ids) => {
      expect(await idsOf(query)).toEqual(ids);
    });

    it('goes on page by page', async () => {
      const first = (await server.ask('/objects/Opportunity?sort=Stage&limit=2')).json<Page>();
      expect(first.items.map(({ id }) => id)).toEqual([2, 1]);
      expect(await idsOf(`?sort=Stage&limit=2&after=${first.next}`)).toEqual([3]);
    });

    it.each([
      ['?sort=Stagee', 'sort in the query: Opportunity has no field "Stagee"; did you mean Stage?'],
      ['?where=Stage', 'where in the query: "Stage" is no condition; expected field:operator:value'],
      ['?where=Amount:eq:much', 'where in the query: Amount eq "much": expected a number such as 501.25'],
      [
        '?where=Amount:contains:1',
        'where in the query: Amount is of type currency; contains compares texts only',
      ],
      ['?where=CloseDate:eq:2026-02-30', 'expected a date such as 2026-03-31'],
      ['?after=x', 'after in the query: expected `next` of the page before'],
      ['?limit=201', 'limit'],
    ])('refuses %s and says what was expected', async (query, text) => {
      const asked = await server.ask(`/objects/Opportunity${query}`);
      expect(asked.status).toBe(400);
      expect(asked.json().detail).toContain(text);
    });

    it('filters leads by their fields', async () => {
      const page = (await server.ask('/objects/Lead?where=Shoe:eq:38&where=Country:eq:France')).json<Page>();
      expect(page.items).toMatchObject([
        { id: 8, name: 'ada@example.com', values: { Country: 'France', Shoe: '38' } },
      ]);
    });

    it('shows an opportunity with its company, its roles and its loose keys', async () => {
      expect((await server.ask('/objects/Opportunity/1')).json()).toMatchObject({
        type: 'Opportunity',
        id: 1,
        related: [
          { type: 'Company', id: 3, name: 'Example Inc', by: 'CompanyId', isMissing: false },
          { type: 'OpportunityPersonRole', id: 4, name: 'Buyer', by: 'OpportunityId', isMissing: false },
        ],
        relatedMore: [],
      });
      expect((await server.ask('/objects/Opportunity/3')).json().keys).toEqual([
        { name: 'legacy', value: 'L3' },
      ]);
    });

    it('shows a role with its opportunity and its lead', async () => {
      const { related } = (await server.ask('/objects/OpportunityPersonRole/4')).json();
      expect(related).toEqual([
        { type: 'Opportunity', id: 1, name: 'First', by: 'OpportunityId', isMissing: false },
        { type: 'Lead', id: 8, name: 'ada@example.com', by: 'PersonId', isMissing: false },
      ]);
    });

    it('shows a lead with its company and its roles', async () => {
      const { related } = (await server.ask('/objects/Lead/8')).json();
      expect(related).toEqual([
        { type: 'Company', id: 3, name: 'Example Inc', by: 'companyId', isMissing: false },
        { type: 'OpportunityPersonRole', id: 4, name: 'Buyer', by: 'PersonId', isMissing: false },
      ]);
    });

    it('shows a program with its costs, tags and tokens', async () => {
      expect((await server.ask('/objects/Program/5')).json()).toMatchObject({
        name: 'Spring fair',
        parts: {
          tags: { Product: 'Widget' },
          tokens: { 'my.Token': 'x' },
          costs: [{ id: 1, month: '2026-03-01', amount: 12.5, note: 'stand' }],
        },
      });
    });

    it('says that an object is not there', async () => {
      const asked = await server.ask('/objects/Opportunity/77');
      expect([asked.status, asked.json().detail]).toEqual([404, 'There is no Opportunity 77']);
    });
  });
});
