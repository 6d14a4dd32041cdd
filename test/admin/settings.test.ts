import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AdminServer, caller, startAdminServer } from './admin-server.ts';

interface Settings {
  readonly items: readonly {
    readonly option: string;
    readonly value: string | null;
    readonly from: string;
  }[];
}

describe('settings in the admin API', () => {
  let server: AdminServer;
  beforeAll(async () => {
    server = await startAdminServer({ maxDepth: 77 });
  });
  afterAll(() => server.remove());

  const settingOf = async (option: string) =>
    (await server.ask('/settings')).json<Settings>().items.find((each) => each.option === option);

  it('are listed with their values and where they came from', async () => {
    expect(await settingOf('--max-depth')).toMatchObject({ value: '77', from: 'code' });
    expect(await settingOf('--journal-days')).toMatchObject({ value: '30', from: 'default' });
  });

  it('show no secret', async () => {
    expect(await settingOf('--secret')).toMatchObject({ value: '(not shown)' });
    expect((await server.ask('/settings')).text).not.toContain(caller.secret);
  });

  it('have a log level that can be changed while the server runs', async () => {
    const asked = await server.ask('/settings', { method: 'PATCH', body: { logLevel: 'error' } });
    expect(asked.status).toBe(200);
    expect(await settingOf('--log-level')).toMatchObject({
      value: 'error',
      from: 'admin API',
      changeable: true,
    });
    expect(server.serving.logger.level).toBe('error');
  });

  it('have kept bodies that can be changed while the server runs', async () => {
    const change = (journalBodies: string) =>
      server.ask('/settings', { method: 'PATCH', body: { journalBodies } });
    const keptOf = async () => {
      await server.client().listMObjects();
      const { items } = (await server.ask('/calls?limit=1')).json<{ items: { hasBodies: boolean }[] }>();
      return items[0]?.hasBodies;
    };
    expect((await change('all')).status).toBe(200);
    expect(await settingOf('--journal-bodies')).toMatchObject({ value: 'all', from: 'admin API' });
    await expect.poll(keptOf).toBe(true);
    await change('off');
    expect(await keptOf()).toBe(false);
    expect((await change('some')).status).toBe(400);
  });

  it('refuse another level, and say which ones there are', async () => {
    const asked = await server.ask('/settings', { method: 'PATCH', body: { logLevel: 'loud' } });
    expect([asked.status, asked.json().detail]).toEqual([400, expect.stringContaining('debug')]);
  });
});
