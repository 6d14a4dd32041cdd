import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient } from '../../src/client/index.ts';
import { type EngineDatabase, overBothEngines } from '../store/test-engines.ts';
import { type AdminServer, caller, startAdminServer } from './admin-server.ts';

interface ListedUser {
  readonly userId: string;
  readonly given: boolean;
  readonly secrets: readonly { readonly until: string | null }[];
}

await overBothEngines((engine) => {
  describe('users in the admin API', () => {
    let database: EngineDatabase;
    let server: AdminServer;
    beforeAll(async () => {
      database = await engine.open();
      server = await startAdminServer({ database: database.url, testClock: true });
    });
    afterAll(async () => {
      await server.remove();
      await database.remove();
    });

    const list = async () => (await server.ask('/users')).json<{ items: ListedUser[] }>().items;

    async function mayCall(userId: string, secret: string): Promise<boolean> {
      const { endpoint } = server.serving.server;
      const client = createClient({ endpoint, userId, secret, retries: 0 });
      return client.listMObjects().then(
        () => true,
        () => false,
      );
    }

    const post = async (path: string, body: unknown) => server.ask(path, { method: 'POST', body });

    it('are added with a secret, and can call at once', async () => {
      const { userId, secret } = (await post('/users', { userId: 'added' })).json<Record<string, string>>();
      expect(userId).toBe('added');
      expect(await mayCall('added', String(secret))).toBe(true);
      expect((await post('/users', { userId: 'added' })).status).toBe(409);
    });

    it('have both secrets after a rotation, until the overlap ends', async () => {
      const first = (await post('/users', { userId: 'rotated' })).json().secret;
      const second = (await post('/users/rotated/rotate', { overlapSeconds: 3600 })).json().secret;
      expect(await mayCall('rotated', String(first))).toBe(true);
      expect(await mayCall('rotated', String(second))).toBe(true);
      const [user] = (await list()).filter(({ userId }) => userId === 'rotated');
      expect(user?.secrets).toEqual([
        { createdAt: expect.any(String), until: null },
        { createdAt: expect.any(String), until: expect.any(String) },
      ]);
      const third = (await post('/users/rotated/rotate', { overlapSeconds: 0 })).json().secret;
      expect(await mayCall('rotated', String(second))).toBe(false);
      expect(await mayCall('rotated', String(third))).toBe(true);
    });

    it('are removed, and cannot call any more', async () => {
      const { secret } = (await post('/users', { userId: 'gone' })).json();
      expect((await server.ask('/users/gone', { method: 'DELETE' })).status).toBe(204);
      expect(await mayCall('gone', String(secret))).toBe(false);
      expect((await server.ask('/users/gone', { method: 'DELETE' })).status).toBe(404);
      expect((await post('/users/gone/rotate', {})).status).toBe(404);
    });

    it('have the secrets that hold by the real time, whatever that of the tests is', async () => {
      await post('/users', { userId: 'timeless' });
      await post('/users/timeless/rotate', { overlapSeconds: 3600 });
      await server.ask('/clock', { method: 'PUT', body: { advanceMs: 7_200_000 } });
      const [user] = (await list()).filter(({ userId }) => userId === 'timeless');
      await server.ask('/clock', { method: 'PUT', body: {} });
      expect(user?.secrets).toHaveLength(2);
    });

    it('show no secret in the list', async () => {
      const { secret } = (await post('/users', { userId: 'secretive' })).json();
      expect((await server.ask('/users')).text).not.toContain(String(secret));
    });

    it('of an option of the server are listed, and stay as they are', async () => {
      expect(await list()).toContainEqual(expect.objectContaining({ userId: caller.user, given: true }));
      expect((await post('/users', { userId: caller.user })).status).toBe(409);
      expect((await server.ask(`/users/${caller.user}`, { method: 'DELETE' })).status).toBe(409);
    });
  });
});
