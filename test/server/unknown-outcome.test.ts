import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore } from '../../src/store/open.ts';
import type { Store } from '../../src/store/store.ts';
import { type PostgresProxy, startProxy } from '../store/postgres-proxy.ts';
import { sharedPostgres, type TestDatabase, type TestPostgres } from '../store/postgres-server.ts';
import {
  envelope,
  faultCode,
  faultMessage,
  insertOf,
  post,
  startTestServer,
  type TestServer,
} from './test-server.ts';

/** The query of docs/errors.md. */
const page = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8');
const documented = /```sql\n(.*?)```/s.exec(page)?.[1] ?? '';

function unknownOutcomeCases(postgres: TestPostgres): void {
  let database: TestDatabase;
  let proxy: PostgresProxy;
  let server: TestServer;
  let beside: Store;
  beforeEach(async () => {
    database = await postgres.createDatabase();
    proxy = await startProxy(database.url);
    server = await startTestServer({ database: proxy.url });
    beside = await openStore(database.url);
    // The definitions are read, so that the calls of the tests need not begin twice.
    await post(server, envelope(insertOf('earlier')));
  });
  afterEach(async () => {
    proxy.be('forwards');
    await server.remove();
    await proxy.close();
    await beside.close();
    await database.drop();
  });

  const entries = async () =>
    (await beside.journal.newest(10)).filter(({ fault, rows }) => fault !== null || rows.length > 0);
  const names = async () =>
    (await beside.contents()).opportunities.map(({ values }) => values.get('Name')).sort();

  it.each([
    { when: 'after' as const, kept: ['earlier', 'lost'], noted: [20011, null, null] },
    { when: 'before' as const, kept: ['earlier'], noted: [20011, null] },
  ])(
    'is said in fault, journal and log: cut $when the database got the commit',
    async ({ when, kept, noted }) => {
      proxy.cutCommit('lost', when);
      const { status, text } = await post(server, envelope(insertOf('lost')));
      expect(proxy.hasCut()).toBe(true);
      expect([status, faultCode(text)]).toEqual([500, 20011]);
      expect(await names()).toEqual(kept);

      await expect.poll(async () => (await entries()).map(({ fault }) => fault)).toEqual(noted);
      const [note, ...others] = await entries();
      expect(note).toMatchObject({
        outcomeUnknown: true,
        operation: 'syncMObjects',
        mode: 'INSERT',
        rows: [],
      });
      expect(others.every(({ outcomeUnknown }) => !outcomeUnknown)).toBe(true);
      expect(others.filter(({ callId }) => callId === note?.callId)).toHaveLength(when === 'after' ? 1 : 0);

      expect(await database.query(documented)).toMatchObject([
        { call_id: note?.callId, was_applied: when === 'after' },
      ]);
      expect(faultMessage(text)).toContain('it is not known whether this call was applied');
      expect(faultMessage(text)).toContain(String(note?.callId));
      const line = server.log.findLast(({ fault }) => fault === 20011);
      expect(line).toMatchObject({ level: 50, call: note?.callId, outcomeUnknown: true });
      expect(line?.reason).toContain('its answer was lost');
    },
  );

  it('is noted in the journal when the database is back, once', async () => {
    proxy.cutCommit('lost', 'after');
    const answered = post(server, envelope(insertOf('lost')));
    await expect.poll(proxy.hasCut).toBe(true);
    proxy.be('refuses');
    expect(faultCode((await answered).text)).toBe(20011);
    await wait(1_000);
    expect(await entries()).toHaveLength(2);
    // The first try to note it is lost in the same way.
    proxy.cutCommit('INSERT INTO journal', 'after');
    proxy.be('forwards');
    await expect.poll(proxy.hasCut).toBe(true);
    await wait(1_000);
    expect((await entries()).map(({ outcomeUnknown }) => outcomeUnknown)).toEqual([true, false, false]);
  });

  it('is not said of a call that the database refused', async () => {
    await database.query('ALTER TABLE opportunity ADD CHECK (id < 2)');
    const { text } = await post(server, envelope(insertOf('refused')));
    expect(faultMessage(text)).toContain('nothing of this call was applied');
    await expect
      .poll(async () => (await entries())[0])
      .toMatchObject({ fault: 20011, outcomeUnknown: false });
    const line = server.log.findLast(({ fault }) => fault === 20011);
    expect(line).toHaveProperty('call');
    expect(line).not.toHaveProperty('outcomeUnknown');
  });
}

const postgres = await sharedPostgres();
describe('an unknown outcome', () => {
  if (typeof postgres === 'string') it.skip(postgres, () => {});
  else {
    afterAll(() => postgres.stop());
    unknownOutcomeCases(postgres);
  }
});
