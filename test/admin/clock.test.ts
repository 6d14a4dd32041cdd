import { expect, it } from 'vitest';
import { startAdminServer } from './admin-server.ts';

it('--test-clock lets objects get a time that a test sets', async () => {
  const server = await startAdminServer({ testClock: true });
  try {
    const put = (body: unknown) => server.ask('/clock', { method: 'PUT', body });
    await put({ time: '2030-01-01T00:00:00Z' });
    const [row] = await server
      .client()
      .syncMObjects('INSERT', [{ type: 'Opportunity', attributes: { Name: 'One' } }]);
    const object = (await server.ask(`/objects/Opportunity/${row?.id}`)).json();
    expect(object.createdAt).toMatch(/^2030-01-01T00:/);
    const sent = await server.ask('/calls/send', {
      method: 'POST',
      body: { operation: 'listMObjects', params: {} },
    });
    expect(sent.json()).toMatchObject({ fault: null });
    expect((await put({ advanceMs: 86_400_000 })).json().now).toMatch(/^2030-01-02T00:/);
    expect(new Date(String((await put({})).json().now)).getTime()).toBeLessThan(Date.now() + 1000);
    expect((await put({ time: 'soon' })).status).toBe(400);
  } finally {
    await server.remove();
  }
});

it('the clock keeps to the years of four digits, as stored times do', async () => {
  const server = await startAdminServer({ testClock: true });
  try {
    const put = async (body: unknown) => (await server.ask('/clock', { method: 'PUT', body })).status;
    const statuses = [
      await put({ time: '+012026-01-01T00:00:00Z' }),
      await put({ time: '9999-12-31T00:00:00Z', advanceMs: 86_400_000 }),
      await put({ time: '9999-12-31T00:00:00Z' }),
      await put({ advanceMs: 2 * 86_400_000 }),
    ];
    expect(statuses).toEqual([400, 400, 200, 400]);
  } finally {
    await server.remove();
  }
});

it('a server without --test-clock keeps the time of its machine', async () => {
  const server = await startAdminServer();
  try {
    const asked = await server.ask('/clock', { method: 'PUT', body: { advanceMs: 1 } });
    expect([asked.status, (await server.ask('/clock')).json().enabled]).toEqual([409, false]);
  } finally {
    await server.remove();
  }
});
