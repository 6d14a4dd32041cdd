import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type AdminServer, startAdminServer } from './admin-server.ts';

let server: AdminServer;
beforeAll(async () => {
  server = await startAdminServer({ chaos: true });
});
afterAll(() => server.remove());

const put = (body: unknown) => server.ask('/chaos', { method: 'PUT', body });
const rules = async () => (await server.ask('/chaos')).json<{ rules: Record<string, unknown>[] }>().rules;
afterEach(async () => {
  await put({ rules: [] });
});

/** `ok`, or the code of the fault, or why there was no answer. */
const callTags = () =>
  server
    .client()
    .getTags()
    .then(
      () => 'ok',
      (error: { code?: number; reason?: string }) => error.code ?? error.reason,
    );

const names = async () =>
  (await server.ask('/objects/Opportunity?sort=Name'))
    .json<{ items: { name: string }[] }>()
    .items.map(({ name }) => name);

const insert = (name: string) =>
  server
    .client()
    .syncMObjects('INSERT', [{ type: 'Opportunity', attributes: { Name: name } }])
    .then(
      () => 'ok',
      (error: { code?: number; reason?: string }) => error.code ?? error.reason,
    );

it('a delayed call goes on when the server stops', async () => {
  const stopping = await startAdminServer({ chaos: true });
  const rule = { operation: 'getTags', delayMs: 600_000, times: 1 };
  await stopping.ask('/chaos', { method: 'PUT', body: { rules: [rule] } });
  const answer = stopping.client().getTags();
  const left = async () => (await stopping.ask('/chaos')).json<{ rules: object[] }>().rules;
  await expect.poll(left).toEqual([]);
  await stopping.remove();
  expect(await answer).toBeDefined();
});

describe('chaos', () => {
  it('makes the next call of an operation fail as asked, and says how often it did', async () => {
    await put({ rules: [{ operation: 'getTags', fault: 20023, times: 2 }] });
    await server.client().listMObjects();
    expect(await callTags()).toBe(20023);
    expect(await rules()).toMatchObject([{ operation: 'getTags', fault: 20023, times: 2, used: 1 }]);
    expect(await callTags()).toBe(20023);
    expect(await rules()).toEqual([]);
    expect(await callTags()).toBe('ok');
  });

  it('cuts the connection before or after a call is applied', async () => {
    await put({ rules: [{ operation: 'syncMObjects', cut: 'before', times: 1 }] });
    expect(await insert('cut before')).toBe('connection');
    await put({ rules: [{ operation: 'syncMObjects', cut: 'after', times: 1 }] });
    expect(await insert('cut after')).toBe('connection');
    expect(await names()).toEqual(['cut after']);
  });

  it('answers a fault after a call was applied', async () => {
    await put({ rules: [{ operation: 'any', fault: 20011, faultWhen: 'after', times: 1 }] });
    expect(await insert('fault after')).toBe(20011);
    expect(await names()).toContain('fault after');
  });

  it('delays calls', async () => {
    await put({ rules: [{ operation: 'any', delayMs: 1500 }] });
    const began = performance.now();
    expect(await callTags()).toBe('ok');
    expect(performance.now() - began).toBeGreaterThan(1400);
  });

  it('meets the same calls with the same seed', async () => {
    async function outcomes(seed: number): Promise<unknown[]> {
      await put({ seed, rules: [{ operation: 'any', probability: 0.5, fault: 20023 }] });
      const seen: unknown[] = [];
      for (let call = 0; call < 24; call += 1) seen.push(await callTags());
      return seen;
    }
    const first = await outcomes(7);
    expect(new Set(first)).toEqual(new Set(['ok', 20023]));
    expect(await outcomes(7)).toEqual(first);
    expect(await outcomes(8)).not.toEqual(first);
  });

  it.each([
    [{ rules: [{ operation: 'any' }] }, 'rules[0] in the body: expected a delayMs, a cut or a fault'],
    [{ rules: [{ operation: 'getTag', fault: 20011 }] }, 'rules[0].operation'],
    [{ rules: [{ operation: 'any', fault: 1 }] }, 'rules[0].fault'],
    [{ rules: [{ operation: 'any', fault: 20011, probability: 2 }] }, 'rules[0].probability'],
  ])('refuses %j', async (body, text) => {
    const asked = await put(body);
    expect(asked.status).toBe(400);
    expect(asked.text).toContain(text);
  });
});

it('a server without --chaos makes no calls fail', async () => {
  const other = await startAdminServer();
  const asked = await other.ask('/chaos', { method: 'PUT', body: { rules: [] } });
  expect([asked.status, (await other.ask('/chaos')).json().enabled]).toEqual([409, false]);
  await other.remove();
});
