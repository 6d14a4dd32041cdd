import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Store } from '../../src/store/store.ts';
import { envelope, header, insertOf, post, startTestServer, type TestServer } from './test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.remove());

describe('health', () => {
  it('/livez answers', async () => {
    expect((await fetch(`${server.url}/livez`)).status).toBe(200);
  });

  it('/readyz is 200 while the store works', async () => {
    const response = await fetch(`${server.url}/readyz`);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ status: 'ready' });
  });

  it('/readyz is 503 with the reason when the store does not', async () => {
    const own = await startTestServer();
    await own.store.close();
    const response = await fetch(`${own.url}/readyz`);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ status: 'not ready', reason: expect.stringMatching(/./) });
    await own.remove();
  });

  it('/readyz does not wait for a store that hangs', async () => {
    const hanging = (store: Store) =>
      Object.assign(Object.create(store) as Store, { ping: () => new Promise<void>(() => {}) });
    const own = await startTestServer({ between: hanging });
    const response = await fetch(`${own.url}/readyz`);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ reason: expect.stringContaining('did not answer within') });
    await own.remove();
  });
});

describe('/metrics', () => {
  it('counts calls, rows and faults', async () => {
    const own = await startTestServer();
    await post(own, envelope());
    const missing = insertOf('x');
    missing.mObjectList.mObject = [{ type: 'Opportunity', id: 999 }];
    await post(own, envelope({ ...missing, operation: 'UPDATE' }));
    await post(own, envelope(undefined, header({ mktowsUserId: 'nobody' })));
    await post(own, 'no XML');
    const metrics = async () => (await fetch(`${own.url}/metrics`)).text();
    await expect.poll(metrics).toContain('mktows_faults_total{code="20012"} 1');
    const text = await metrics();
    expect(text).toContain('mktows_calls_total{operation="syncMObjects",outcome="answered"} 2');
    expect(text).toContain('mktows_calls_total{operation="syncMObjects",outcome="fault"} 1');
    expect(text).toContain('mktows_rows_total{operation="syncMObjects",status="CREATED"} 1');
    expect(text).toContain('mktows_rows_total{operation="syncMObjects",status="SKIPPED"} 1');
    expect(text).toContain('mktows_faults_total{code="20014"} 1');
    expect(text).toContain('mktows_call_duration_seconds_count{operation="syncMObjects"} 3');
    expect(text).toContain('process_cpu_seconds_total');
    await own.remove();
  });

  it('takes no name from a client as a label', async () => {
    await post(server, envelope().replaceAll('paramsSyncMObjects', 'paramsFlyToMoon'));
    const text = await (await fetch(`${server.url}/metrics`)).text();
    expect(text).not.toContain('Moon');
  });
});
