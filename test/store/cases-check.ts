import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { applyInstance } from '../../src/instance/apply.ts';
import type { AnyRecordChange } from '../../src/rules/facts.ts';
import type { CheckResult } from '../../src/store/check/report.ts';
import type { OpenUser } from '../../src/store/check/users.ts';
import { checkDatabase, openStore } from '../../src/store/open.ts';
import type { Store } from '../../src/store/store.ts';
import { wholeInstance } from '../instance/whole-instance.ts';
import { AT, create, entry, facts, opportunity, role, write } from './fixture.ts';

const writeSteadily = fileURLToPath(new URL('write-steadily.ts', import.meta.url));

/** A database, and a way to do to it what no store does. */
export interface CheckedDatabase {
  readonly url: string;
  /** Runs statements outside of any store. */
  run(sql: string): Promise<unknown>;
  cleanup(): Promise<void>;
}

/** The results of a check, by name. */
export async function check(url: string, openUser?: OpenUser): Promise<Map<string, CheckResult>> {
  const results = new Map<string, CheckResult>();
  await checkDatabase(url, { report: (result) => results.set(result.name, result), openUser });
  return results;
}

/** Every fault as one text: "keys: where: found; expected; remedy". */
export const faultsOf = (results: ReadonlyMap<string, CheckResult>): string[] =>
  [...results.values()].flatMap(({ name, faults }) =>
    faults.map(
      ({ where, found, expected, remedy }) => `${name}: ${where}: ${found}; expected ${expected}; ${remedy}`,
    ),
  );

/** Fills a store with one of everything, and has some fields indexed. */
export async function fill(store: Store): Promise<void> {
  await applyInstance(store, wholeInstance, { mode: 'make', now: new Date(AT), timeZone: 'UTC' });
  const keys = ['name', 'opportunityid', 'rating', 'iswon', 'closedate'].map((name) => ({
    type: 'Opportunity' as const,
    name,
    value: 'x',
  }));
  await facts(store, { keys: [...keys, { type: 'Lead', name: 'fspid', value: 'x' }] });
  await write(store, {}, entry({ rows: [{ type: 'Opportunity', id: 64, status: 'UPDATED' }] }));
  await store.users.put({ userId: 'one', encryptedSecret: new Uint8Array([1, 2, 3]), createdAt: AT });
}

/** What is done to a filled database, and the fault that a check finds then. */
const damages: readonly (readonly [sql: string, check: string, fault: RegExp])[] = [
  [
    'UPDATE opportunity SET close_date = NULL WHERE id = 64',
    'keys',
    /Opportunity 64: "closedate" = "2013-06-30", and the object has no such value; expected .*Repairs/,
  ],
  ["DELETE FROM external_key WHERE name = 'rating'", 'keys', /Opportunity 64: nothing under "rating" = "4"/],
  ["DELETE FROM external_key WHERE name = 'fspid'", 'keys', /Lead 19: nothing under "fspid" = "12346"/],
  ["DELETE FROM external_key WHERE name = 'caccountfsid'", 'keys', /Company 1: nothing under/],
  ['DELETE FROM opportunity WHERE id = 64', 'keys', /Opportunity 64: .*, and there is no such object/],
  [
    "UPDATE external_key SET spelled_name = NULL WHERE name = 'k'",
    'keys',
    /OpportunityPersonRole 7: "k": the name as it was sent is missing/,
  ],
  [
    "INSERT INTO external_key SELECT object_type, name, 'other', object_id, loose, spelled_name FROM external_key WHERE name = 'k'",
    'keys',
    /OpportunityPersonRole 7: "k": several values/,
  ],
  ["UPDATE external_key SET object_type = 'Order' WHERE name = 'k'", 'keys', /1 entries of the type "Order"/],
  [
    'UPDATE opportunity SET custom = \'{"rating":"4"}\' WHERE id = 64',
    'records',
    /Opportunity 64: rating: the string "4"; expected 4, the stored form of integer/,
  ],
  [
    'UPDATE opportunity SET custom = \'{"rating":{}}\' WHERE id = 64',
    'records',
    /Opportunity 64: rating: "\{\}"; expected a value of type integer/,
  ],
  [
    'UPDATE opportunity SET custom = \'{"Rating":4}\' WHERE id = 64',
    'records',
    /"Rating": the field is defined as "rating"/,
  ],
  [
    'UPDATE opportunity SET custom = \'{"ratings":4}\' WHERE id = 64',
    'records',
    /"ratings": no such field is defined.*mktows fields add/,
  ],
  ['UPDATE lead SET custom = \'{"a":1}\' WHERE id = 20', 'records', /Lead 20: "a": no such field is defined/],
  [
    'UPDATE lead SET custom = \'{"LeadScore":"high"}\' WHERE id = 20',
    'records',
    /Lead 20: LeadScore: the string "high"/,
  ],
  [
    "UPDATE lead SET email_key = 'other' WHERE id = 19",
    'records',
    /Lead 19: emailKey: "other", so lookups miss the record; expected "a@example\.com"/,
  ],
  ['UPDATE lead SET email_key = NULL', 'records', /Lead 19: emailKey: nothing/],
  ["UPDATE lead SET email_key = 'x' WHERE id = 20", 'records', /Lead 20: emailKey: "x".*; expected nothing/],
  ["UPDATE static_list SET name = 'É' WHERE id = 3", 'records', /StaticList 3: nameKey: .*; expected "é"/],
  ["UPDATE company SET name_key = 'x'", 'records', /Company 1: nameKey: "x".*; expected "acme"/],
  ["UPDATE campaign SET name_key = 'x'", 'records', /Campaign 11: nameKey/],
  ["UPDATE program SET name_key = 'x'", 'records', /Program 1970: nameKey/],
  ["UPDATE workspace SET name_key = 'x' || id", 'records', /Workspace 1: nameKey/],
  ["UPDATE custom_object_type SET name_key = 'x' || id", 'records', /CustomObjectType 1: nameKey/],
  ["UPDATE custom_object SET key = 'x' WHERE id = 1", 'records', /CustomObject 1: key: "x"/],
  [
    'UPDATE custom_object SET lead_id = 20 WHERE id = 1',
    'records',
    /CustomObject 1: leadId: "20".*; expected "19"/,
  ],
  [
    "UPDATE lead_crm_key SET key = 'x' WHERE type = 'LEADOWNEREMAIL'",
    'records',
    /LeadCrmKey \d: key: "x".*; expected "owner@example\.com"/,
  ],
  ['UPDATE opportunity SET id = -1 WHERE id = 65', 'records', /Opportunity -1: its id is below 1/],
  [
    'UPDATE opportunity SET id = 2147483648 WHERE id = 65',
    'records',
    /Opportunity 2147483648: its id is above 2147483647/,
  ],
  [
    "UPDATE program_cost SET month = '2013-06-02' WHERE id = 153",
    'records',
    /program_cost 153: month: "2013-06-02"/,
  ],
  [
    'UPDATE opportunity SET company_id = 9 WHERE id = 64',
    'references',
    /opportunity \(id 64\): company_id = .*9.*, and company has no such row/,
  ],
  ['UPDATE lead SET company_id = 9 WHERE id = 19', 'references', /lead \(id 19\)/],
  ['UPDATE program_cost SET program_id = 9 WHERE id = 153', 'references', /program_cost \(id 153\)/],
  ["UPDATE program SET channel = 'Web'", 'references', /program \(id 1970\): channel = "Web"/],
  [
    "UPDATE program_tag SET value = 'West'",
    'references',
    /program_tag \(program_id 1970\): type, value = "Region", "West"/,
  ],
  [
    "DELETE FROM tag_type WHERE name = 'Region'",
    'references',
    /tag_value \(position 0\): tag_type = "Region"/,
  ],
  ["DELETE FROM channel WHERE name = 'Webinar'", 'references', /channel_status \(position 0\)/],
  [
    "INSERT INTO tag_value (tag_type, position, value) VALUES ('Region', 7, 'North')",
    'definitions',
    /"Region", "North" is there several times/,
  ],
  [
    "INSERT INTO key_field (object_type, name) VALUES ('Opportunity', 'nothing')",
    'definitions',
    /key_field: Opportunity "nothing": no such field/,
  ],
  [
    "UPDATE field_definition SET data_type = 'number' WHERE name = 'rating'",
    'definitions',
    /the data type "number"; expected one of string/,
  ],
  [
    "UPDATE field_definition SET folded_name = 'x' WHERE name = 'rating'",
    'definitions',
    /found under "x"; expected its name without case/,
  ],
  ["UPDATE field_definition SET owner = 'Order' WHERE name = 'rating'", 'definitions', /the owner "Order"/],
  [
    "INSERT INTO field_definition (owner, folded_name, name, data_type) VALUES ('Opportunity', 'amount', 'Amount', 'string')",
    'definitions',
    /the name of a standard field/,
  ],
  ['DELETE FROM server_secret', 'definitions', /server_secret: no row that is right/],
  ["UPDATE journal SET rows = '[{}]'", 'journal', /journal 1: rows without type and status/],
];

/** Holds the check of one engine's databases to what it is to find. */
export function checkCases(name: string, open: () => Promise<CheckedDatabase>): void {
  describe(`the check of a database on ${name}`, () => {
    let database: CheckedDatabase;
    beforeEach(async () => {
      database = await open();
    });
    afterEach(() => database.cleanup());
    async function withStore(work: (store: Store) => Promise<unknown>): Promise<void> {
      const store = await openStore(database.url);
      await work(store).finally(() => store.close());
    }

    it('finds nothing wrong in what stores write, and says how much there is', async () => {
      await withStore(fill);
      const results = await check(database.url);
      expect(faultsOf(results)).toEqual([]);
      expect([...results.keys()]).toEqual([
        'integrity',
        'schema',
        'definitions',
        'records',
        'keys',
        'references',
        'counters',
        'journal',
        'users',
      ]);
      expect(results.get('records')?.examined).toMatchObject({
        opportunities: 2,
        roles: 2,
        leads: 2,
        companies: 2,
        programs: 1,
        costs: 2,
      });
      expect(results.get('keys')?.examined).toMatchObject({ 'indexed fields': 6 });
      expect(results.get('journal')?.examined).toEqual({ entries: 1 });
    });

    it.each(damages)('finds %s', async (sql, part, fault) => {
      await withStore(fill);
      await database.run(sql);
      const results = await check(database.url);
      expect(faultsOf(results).filter((text) => text.startsWith(`${part}: `))).toContainEqual(
        expect.stringMatching(fault),
      );
    });

    it('finds counters below what they have given out, and a way to raise them that works', async () => {
      await withStore(fill);
      for (const table of ['opportunity', 'opportunity_person_role', 'program_cost', 'journal']) {
        const column = table === 'journal' ? 'number' : 'id';
        const highest = `(SELECT max(${column}) FROM ${table})`;
        const columns = {
          opportunity: '(id, created_at, updated_at) SELECT 900, created_at, updated_at FROM opportunity',
          opportunity_person_role:
            '(id, created_at, updated_at) SELECT 900, created_at, updated_at FROM opportunity_person_role',
          program_cost:
            '(id, program_id, month, amount) SELECT 900, program_id, month, amount FROM program_cost',
          journal: `(number, at, user_id, operation, rows)${name === 'PostgreSQL' ? ' OVERRIDING SYSTEM VALUE' : ''} SELECT 900, at, user_id, operation, rows FROM journal`,
        }[table];
        await database.run(`INSERT INTO ${table} ${columns} WHERE ${column} = ${highest}`);
      }
      // SQLite's own counter of the journal follows by itself.
      if (name === 'SQLite') await database.run("UPDATE sqlite_sequence SET seq = 1 WHERE name = 'journal'");
      const { faults = [] } = (await check(database.url)).get('counters') ?? {};
      expect(faults.map(({ where, found }) => `${where}: ${found}`)).toEqual([
        expect.stringMatching(/^opportunity\.id: 900, but the counter is at 65: /),
        expect.stringMatching(/^opportunity_person_role\.id: 900, but the counter is at 8: /),
        expect.stringMatching(/^program_cost\.id: 900, but the counter is at 154: /),
        expect.stringMatching(/^journal\.number: 900, but the counter is at 1: /),
      ]);
      for (const { remedy } of faults) await database.run(remedy.replace(/^[^:]*: /, ''));
      expect(faultsOf(await check(database.url))).toEqual([]);
    });

    it('finds nothing any more after the repairs of docs/operations.md', async () => {
      await withStore(fill);
      await database.run("DELETE FROM external_key WHERE name = 'opportunityid'");
      expect(faultsOf(await check(database.url))).toHaveLength(1);
      const page = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');
      const statements = page.match(/^ +(DELETE|UPDATE) .*;$/gm) ?? [];
      expect(statements).toHaveLength(3);
      for (const statement of statements) {
        await database.run(statement.replace('fsopportunityid', 'opportunityid'));
      }
      const key = { type: 'Opportunity', name: 'opportunityid', value: '007' } as const;
      await withStore(async (store) => {
        expect((await facts(store, { keys: [key] })).keys.get(key)).toEqual([64]);
      });
      expect(faultsOf(await check(database.url))).toEqual([]);
    });

    it('finds no key of objects that a store has removed', async () => {
      await withStore(async (store) => {
        await fill(store);
        const contents = await store.contents();
        const { opportunities, roles, leads, companies } = contents;
        const removed = {
          LeadForeignId: contents.leadForeignIds,
          LeadCookie: contents.leadCookies,
          LeadCrmKey: contents.leadCrmKeys,
          ListMember: contents.listMembers,
          CustomObject: contents.customObjects,
          Opportunity: opportunities,
          OpportunityPersonRole: roles,
          Lead: leads,
          Company: companies,
        };
        const records = Object.entries(removed).flatMap(([type, all]) =>
          all.map((before) => ({ type, before, after: undefined }) as AnyRecordChange),
        );
        await write(store, { records });
      });
      expect(faultsOf(await check(database.url))).toEqual([]);
    });

    it('takes activities of a merged lead that have yet to move to the winner for no fault', async () => {
      await withStore(async (store) => {
        await fill(store);
        const leadId = (await store.contents()).leads[0]?.id ?? 0;
        const at = '2026-11-01T00:00:00.000Z';
        const rest = { type: 'NewLead', at, assetName: null, campaign: null, attributes: [] };
        const records = [
          { type: 'Activity', before: undefined, after: { id: 1, leadId: 999, ...rest } },
          { type: 'ActivityMove', before: undefined, after: { id: 1, leadId, fromId: 999 } },
        ] as const;
        await write(store, { records });
      });
      expect(faultsOf(await check(database.url))).toEqual([]);
    });

    it('takes a role whose opportunity was deleted for no fault, and says that it is there', async () => {
      await withStore((store) => create(store, role(1, { OpportunityId: 5, PersonId: 6 })));
      const results = await check(database.url);
      expect(faultsOf(results)).toEqual([]);
      expect(results.get('references')?.notes).toEqual([expect.stringContaining('1 of the roles leads to')]);
    });

    it('takes a campaign that was requested, and so has no time to run at, for no fault', async () => {
      await withStore(async (store) => {
        await applyInstance(store, wholeInstance, { mode: 'make', now: new Date(AT), timeZone: 'UTC' });
        const run = { id: 1, campaignId: 11, kind: 'request', at: AT, runAt: null, source: 'MKTOWS' };
        const after = { ...run, leadIds: [], tokens: [] };
        await create(store, { type: 'CampaignRun', before: undefined, after });
      });
      expect(faultsOf(await check(database.url))).toEqual([]);
    });

    it('reads page after page, and keeps only the first hundred of many faults', async () => {
      const ids = Array.from({ length: 1_200 }, (_, index) => index * 3 + 1);
      await withStore(async (store) => {
        await create(store, ...ids.map((id) => opportunity(id, { Name: `n${id}` })));
        await facts(store, { keys: [{ type: 'Opportunity', name: 'name', value: 'n1' }] });
      });
      const whole = await check(database.url);
      expect(faultsOf(whole)).toEqual([]);
      expect(whole.get('keys')?.examined).toEqual({ 'indexed fields': 1, entries: 1_200 });
      await database.run('DELETE FROM opportunity WHERE id > 10');
      const { faults, faultCount } = (await check(database.url)).get('keys') ?? {};
      expect([faults?.length, faultCount]).toEqual([100, 1_196]);
    });

    it('sees one state while another process writes', async () => {
      await withStore(fill);
      const writer = spawn(process.execPath, [writeSteadily, database.url], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      try {
        await once(writer.stdout, 'data');
        const before = await check(database.url);
        await once(writer.stdout, 'data');
        await once(writer.stdout, 'data');
        const after = await check(database.url);
        expect([before, after].flatMap(faultsOf)).toEqual([]);
        const numbers = [before, after].map((results) => results.get('records')?.examined.opportunities);
        expect(numbers[1]).toBeGreaterThan(numbers[0] ?? Number.NaN);
      } finally {
        writer.kill('SIGKILL');
        await once(writer, 'close');
      }
    });

    it('asks whether users can call, and names those who cannot', async () => {
      await withStore(fill);
      const results = await check(database.url, async ({ userId }) => `no key opens ${userId}`);
      expect(faultsOf(results)).toEqual([expect.stringContaining('users: api_user "one": no key opens one')]);
    });

    it('goes on after a table that is not there', async () => {
      await withStore(fill);
      await database.run('DROP VIEW leads; DROP TABLE lead');
      const results = await check(database.url);
      expect(faultsOf(results)).toEqual(
        expect.arrayContaining([
          expect.stringMatching(/^schema: (table )?lead: it is missing/),
          expect.stringMatching(/^records: .*cannot be read to the end/),
        ]),
      );
      expect(results.get('journal')?.examined).toEqual({ entries: 1 });
    });
  });
}
