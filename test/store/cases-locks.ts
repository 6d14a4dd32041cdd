import { setTimeout as wait } from 'node:timers/promises';
import type pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { applyInstance } from '../../src/instance/apply.ts';
import type { LeadRecord } from '../../src/records/all.ts';
import type { AnyRecordChange, WantedKey } from '../../src/rules/facts.ts';
import { openStore } from '../../src/store/open.ts';
import { createPool } from '../../src/store/postgres/connect.ts';
import { LOCKS_AT_MOST, lockDatabase, waitForLocks } from '../../src/store/postgres/locks.ts';
import type { Store } from '../../src/store/store.ts';
import { changed, create, done, facts, lead, opportunity, program, wanted } from './fixture.ts';
import type { TestDatabase, TestPostgres } from './postgres-server.ts';

const newLead = (record: LeadRecord): AnyRecordChange => ({ type: 'Lead', before: undefined, after: record });

/** Counts up an attribute of a lead, creating the lead where there is none. */
const countUp = (store: Store, id: number, finds: { ids?: { Lead: number[] }; keys?: WantedKey[] }) =>
  store.apply(wanted(finds), ({ keys, records }) => {
    const found = finds.keys?.flatMap((key) => keys.get(key) ?? [])[0];
    const before = records.Lead.get(found ?? id) ?? undefined;
    const count = Number(before?.values.get('count') ?? 0) + 1;
    const email = before?.email ?? finds.keys?.[0]?.value ?? null;
    const after = lead(before?.id ?? id, { count: String(count) }, email);
    return done(after.id, { records: [{ type: 'Lead', before, after }] });
  });

const email = (value: string): WantedKey => ({ type: 'Lead', name: 'email', value });

/** Reads a lead, and writes an opportunity that refers to it. */
const refer = (store: Store, leadId: number, id: number) =>
  store.apply(wanted({ ids: { Lead: [leadId], Opportunity: [id] } }), ({ records }) =>
    done(records.Lead.get(leadId)?.values.get('count'), {
      records: [changed(id, { Name: 'before' }, { Name: 'after' })],
    }),
  );

/** What calls wait for each other for on PostgreSQL. */
export function lockCases(server: TestPostgres): void {
  describe('calls of several servers on PostgreSQL', () => {
    let database: TestDatabase;
    let stores: [Store, Store];
    let pool: pg.Pool;
    beforeEach(async () => {
      database = await server.createDatabase();
      ({ pool } = createPool(database.url));
      stores = [await openStore(database.url), await openStore(database.url)];
      await create(
        stores[0],
        newLead(lead(1, { count: '1' }, 'one@example.com')),
        newLead(lead(2, { count: '10' }, 'two@example.com')),
        opportunity(1, { Name: 'before' }),
        opportunity(2, { Name: 'before' }),
      );
      // An earlier test crashes the server, which empties the table of locks; the first call fills it.
      await facts(stores[0], { ids: { Lead: [1] } });
    });
    afterEach(async () => {
      await pool.end();
      await Promise.all(stores.map((store) => store.close()));
      await database.drop();
    });

    /** Holds a row, so that a call that writes it stops there with all of its locks, until `release`. */
    async function holdRow(table: string, id: number) {
      const client = await pool.connect();
      await client.query('BEGIN');
      await client.query(`SELECT FROM ${table} WHERE id = ${id} FOR UPDATE`);
      return async () => {
        await client.query('COMMIT');
        client.release();
      };
    }

    /** Waits until so many calls wait for a lock of PostgreSQL. */
    async function waiting(count: number): Promise<void> {
      const select =
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
      while ((await database.query(select)).length < count) await wait(10);
    }

    /** Tells whether a call has ended. */
    function watched(call: Promise<unknown>): () => boolean {
      let ended = false;
      const end = () => {
        ended = true;
      };
      call.then(end, end);
      return () => ended;
    }

    it('that write different leads do not wait for each other', async () => {
      const release = await holdRow('lead', 1);
      const first = countUp(stores[0], 1, { ids: { Lead: [1] } });
      await waiting(1);
      await countUp(stores[1], 2, { ids: { Lead: [2] } });
      await stores[1].apply(
        wanted({ newIds: { Lead: 1 } }),
        ({
          newIds: {
            Lead: [id = 0],
          },
        }) => done(id, { records: [newLead(lead(id, {}, 'three@example.com'))] }),
      );
      await stores[1].apply(
        wanted({ newIds: { Program: 1 } }),
        ({
          newIds: {
            Program: [id = 0],
          },
        }) => done(id, { records: [{ type: 'Program', before: undefined, after: program(id) }] }),
      );
      await release();
      await first;
      expect((await stores[0].contents()).leads.map(({ values }) => values.get('count'))).toEqual([
        '2',
        '11',
        undefined,
      ]);
    });

    it.each<[string, Parameters<typeof countUp>[2]]>([
      ['lead', { ids: { Lead: [1] } }],
      ['key of a lead', { keys: [email('one@example.com')] }],
    ])('that write the same %s do so one after the other', async (_, finds) => {
      const release = await holdRow('lead', 1);
      const first = countUp(stores[0], 1, { ids: { Lead: [1] } });
      await waiting(1);
      const second = countUp(stores[1], 1, finds);
      await waiting(2);
      await release();
      await Promise.all([first, second]);
      expect((await stores[0].contents()).leads[0]?.values.get('count')).toBe('3');
    });

    it('that write the same leads, found by id or key, in any number, lose no write', async () => {
      await Promise.all(
        Array.from({ length: 60 }, (_, index) => {
          const id = 1 + (index % 2);
          const key = email(id === 1 ? 'one@example.com' : 'two@example.com');
          return countUp(
            stores[index % 2 === 0 ? 0 : 1],
            id,
            index % 3 ? { keys: [key] } : { ids: { Lead: [id] } },
          );
        }),
      );
      const { leads } = await stores[0].contents();
      expect(leads.map(({ values }) => values.get('count'))).toEqual(['31', '40']);
    });

    it('that look for the same new key create one lead', async () => {
      await Promise.all(
        Array.from({ length: 40 }, (_, index) =>
          countUp(stores[index % 2] as Store, 100 + index, { keys: [email(`new${index % 4}@example.com`)] }),
        ),
      );
      const created = (await stores[0].contents()).leads.filter(({ id }) => id >= 100);
      expect(created.map((each) => [each.email, each.values.get('count')]).sort()).toEqual(
        [0, 1, 2, 3].map((number) => [`new${number}@example.com`, '10']),
      );
    });

    it('that refer to the same lead do not wait for each other, and one that writes it waits for them', async () => {
      const release = await holdRow('opportunity', 1);
      const first = refer(stores[0], 1, 1);
      await waiting(1);
      expect(await refer(stores[1], 1, 2)).toBe('1');
      const writing = countUp(stores[1], 1, { ids: { Lead: [1] } });
      const hasWritten = watched(writing);
      await waiting(2);
      expect(hasWritten()).toBe(false);
      await release();
      expect(await first).toBe('1');
      await writing;
    });

    it('that read a lead which another one is writing see what it wrote', async () => {
      const release = await holdRow('lead', 1);
      const writing = countUp(stores[0], 1, { ids: { Lead: [1] } });
      await waiting(1);
      const reading = refer(stores[1], 1, 1);
      await waiting(2);
      await release();
      expect([await writing, await reading]).toEqual([1, '2']);
    });

    it('that refer to the same lead all the time do not keep one that writes it from its turn', async () => {
      const locks = [lockDatabase(false), waitForLocks([{ name: 'Lead/1', exclusive: false }])];
      const take = (client: pg.PoolClient) => client.query(['BEGIN', ...locks].join('; '));
      let [holder, next] = [await pool.connect(), await pool.connect()];
      await take(holder);
      const writing = countUp(stores[0], 1, { ids: { Lead: [1] } });
      const hasWritten = watched(writing);
      while (!hasWritten()) {
        // The next one holds the lock before this one lets go of it, unless it has to wait itself.
        const taking = take(next);
        await Promise.race([taking, wait(200)]);
        await holder.query('COMMIT');
        await taking;
        [holder, next] = [next, holder];
      }
      await holder.query('COMMIT');
      holder.release();
      next.release();
      expect(await writing).toBe(1);
    });

    it('that found no lead of an id end before one that creates it', async () => {
      const release = await holdRow('opportunity', 1);
      const first = refer(stores[0], 7, 1);
      await waiting(1);
      const creating = countUp(stores[1], 7, { ids: { Lead: [7] } });
      const hasCreated = watched(creating);
      await waiting(2);
      expect(hasCreated()).toBe(false);
      await release();
      expect([await first, await creating]).toEqual([undefined, 7]);
    });

    it('that read leads and then write them all come to an end', async () => {
      const keys = [email('one@example.com'), email('two@example.com')];
      await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          stores[index % 2]?.apply(wanted({ keys: index % 2 ? keys : keys.toReversed() }), ({ records }) =>
            done(undefined, {
              records: [1, 2].map((id) => {
                const before = records.Lead.get(id) ?? undefined;
                const count = Number(before?.values.get('count')) + 1;
                return { type: 'Lead', before, after: lead(id, { count: String(count) }, before?.email) };
              }),
            }),
          ),
        ),
      );
      const { leads } = await stores[0].contents();
      expect(leads.map(({ values }) => values.get('count'))).toEqual(['21', '30']);
    });

    it('of which one applies a file of leads do not wait for it', async () => {
      const release = await holdRow('lead', 1);
      const options = { mode: 'make', now: new Date(), timeZone: 'UTC' } as const;
      const applying = applyInstance(stores[0], { leads: [{ id: 1, email: 'new@example.com' }] }, options);
      await waiting(1);
      await refer(stores[1], 2, 2);
      await release();
      expect(await applying).toMatchObject({ report: { leads: { updated: 1 } } });
    });

    it('that would hold very many locks have the database for themselves', async () => {
      const ids = Array.from({ length: LOCKS_AT_MOST + 1 }, (_, index) => 10 + index);
      const release = await holdRow('opportunity', 1);
      const first = refer(stores[0], 1, 1);
      await waiting(1);
      const many = facts(stores[1], { ids: { Lead: ids } });
      const hasRead = watched(many);
      await waiting(2);
      expect(hasRead()).toBe(false);
      await release();
      await Promise.all([first, many]);
    });
  });
}
