import { writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore } from '../../src/store/open.ts';
import { entry } from '../store/fixture.ts';
import { type EngineDatabase, overBothEngines } from '../store/test-engines.ts';
import { type AdminServer, startAdminServer } from './admin-server.ts';

/** A stream that is read until its end is asked for. */
interface Stream {
  text(): string;
  end(): void;
}

function openStream(server: AdminServer, headers: Record<string, string> = {}): Promise<Stream> {
  return new Promise((resolve, reject) => {
    const url = `${server.serving.server.url}/api/v1/calls/stream`;
    const asking = request(url, { headers: { authorization: `Bearer ${server.token}`, ...headers } });
    asking.on('error', reject);
    asking.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (piece: string) => {
        text += piece;
        resolve({ text: () => text, end: () => asking.destroy() });
      });
      response.on('error', () => {});
    });
    asking.end();
  });
}

const numbersIn = (stream: Stream) =>
  [...stream.text().matchAll(/^id: (\d+)\nevent: call$/gm)].map(([, number]) => Number(number));

const insert = async (server: AdminServer, Name: string) => {
  await server.client().syncMObjects('INSERT', [{ type: 'Opportunity', attributes: { Name } }]);
};

await overBothEngines((engine) => {
  describe('a stream of calls', () => {
    let database: EngineDatabase;
    const servers: AdminServer[] = [];
    beforeEach(async () => {
      database = await engine.open();
    });
    afterEach(async () => {
      for (const server of servers.splice(0)) await server.remove();
      await database.remove();
    });

    async function start(): Promise<AdminServer> {
      const server = await startAdminServer({ database: database.url });
      servers.push(server);
      return server;
    }

    async function writeCalls(count: number): Promise<void> {
      const store = await openStore(database.url);
      for (let number = 0; number < count; number += 1) store.journal.note(entry());
      await store.journal.newest(1);
      await store.close();
    }

    it('that resumes gets every call that it missed, and those that come', async () => {
      await writeCalls(650);
      const server = await start();
      const stream = await openStream(server, { 'last-event-id': '0' });
      await insert(server, 'new');
      await expect.poll(() => new Set(numbersIn(stream)).size, { timeout: 60_000 }).toBe(651);
      expect(stream.text()).not.toContain('event: missed');
      stream.end();
    });

    it('that missed too many calls is told to read the list again, and gets those that come', async () => {
      await writeCalls(1300);
      const server = await start();
      const stream = await openStream(server, { 'last-event-id': '0' });
      await expect.poll(() => stream.text(), { timeout: 60_000 }).toContain('id: 1300\nevent: missed\n');
      expect(new Set(numbersIn(stream)).size).toBe(1000);
      await insert(server, 'new');
      await expect.poll(() => numbersIn(stream).at(-1), { timeout: 60_000 }).toBeGreaterThan(1300);
      stream.end();
    });

    it('gets the calls that came while the token could not be read', async () => {
      const server = await start();
      const stream = await openStream(server);
      const { tokenFile = '' } = server.serving.admin ?? {};
      await insert(server, 'before');
      await expect.poll(() => numbersIn(stream), { timeout: 60_000 }).toHaveLength(1);
      await writeFile(tokenFile, 'no token');
      await insert(server, 'meanwhile');
      // Longer than it takes to look for calls.
      await setTimeout(2000);
      expect(numbersIn(stream)).toHaveLength(1);
      await writeFile(tokenFile, server.token);
      await expect.poll(() => numbersIn(stream), { timeout: 60_000 }).toHaveLength(2);
      stream.end();
    });

    it.runIf(engine.name === 'PostgreSQL')('has the calls of another server on the database', async () => {
      const [one, other] = [await start(), await start()];
      const stream = await openStream(one, { 'last-event-id': '0' });
      await insert(other, 'there');
      await insert(one, 'here');
      await expect.poll(() => new Set(numbersIn(stream)).size, { timeout: 60_000 }).toBe(2);
      stream.end();
    });
  });

  describe('calls in the admin API', () => {
    interface Call {
      readonly number: number;
      readonly rows: object;
      readonly rowResults: readonly object[];
    }

    it.each(['on', 'off'] as const)('are told with --journal-values %s', async (journalValues) => {
      const database = await engine.open();
      const server = await startAdminServer({ database: database.url, journalValues });
      const client = server.client();
      await client.syncMObjects('INSERT', [{ type: 'Opportunity', attributes: { Name: 'A', Stage: 'New' } }]);
      await client.syncMObjects('UPDATE', [{ type: 'Opportunity', id: 1, attributes: { Stage: 'Won' } }]);
      await client.syncMObjects('UPDATE', [{ type: 'Opportunity', id: 7, attributes: { Stage: 'Won' } }]);
      const list = async (query: string) =>
        (await server.ask(`/calls?${query}`)).json<{ items: Call[]; next: string | null }>();
      const [updated] = (await list('status=UPDATED')).items;
      const detail = (await server.ask(`/calls/${updated?.number}`)).json<Call>();
      const values = { before: 'New', after: 'Won', cut: false };
      const change = journalValues === 'on' ? values : { before: null, after: null, cut: true };
      expect(detail.rowResults).toMatchObject([
        { id: 1, status: 'UPDATED', changes: [{ name: 'Stage', ...change }] },
      ]);
      const [history] = (await server.ask('/objects/Opportunity/1/history')).json<{ items: object[] }>()
        .items;
      expect(history).toMatchObject({ status: 'UPDATED', changes: [{ name: 'Stage', ...change }] });
      const first = await list('limit=2');
      const second = await list(`limit=2&after=${first.next}`);
      expect([first.items.length, second.items.length, second.next]).toEqual([2, 1, null]);
      expect((await list('text=Won')).items).toHaveLength(journalValues === 'on' ? 1 : 0);
      expect((await list('status=SKIPPED')).items).toHaveLength(1);
      await server.remove();
      await database.remove();
    });
  });
});
