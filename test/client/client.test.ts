import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient, MktowsFault } from '../../src/client/index.ts';
import { clientOf, insertOf, startTestServer, type TestServer, user } from '../server/test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.remove());

describe('the client', () => {
  it('carries out a call and reads its answer', async () => {
    const { result } = await clientOf(server).call('syncMObjects', insertOf('From the client'));
    expect(result?.mObjStatusList?.mObjStatus[0]).toMatchObject({ id: 1, status: 'CREATED' });
  });

  it('rejects with the fault that the server answers', async () => {
    const client = createClient({ endpoint: server.endpoint, userId: user.userId, secret: 'another' });
    const fault = await client.call('syncMObjects', insertOf('x')).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(MktowsFault);
    expect(fault).toMatchObject({ code: 20014, faultstring: '20014 - Authentication failed' });
  });

  it('uses the fetch that it is given', async () => {
    const urls: string[] = [];
    const client = createClient({
      endpoint: server.endpoint,
      ...user,
      fetch(input, init) {
        urls.push(String(input));
        return fetch(input, init);
      },
    });
    await client.call('syncMObjects', insertOf('Fetched'));
    expect(urls).toEqual([server.endpoint]);
  });

  it('says so when the answer is not SOAP', async () => {
    const other = createServer((_request, response) => response.writeHead(502).end('<h1>Bad Gateway</h1>'));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const client = createClient({ endpoint: `http://127.0.0.1:${port}/soap/mktows/2_7`, ...user });
    await expect(client.call('syncMObjects', insertOf('x'))).rejects.toThrow(/is not SOAP \(HTTP 502\)/);
    other.close();
  });

  it('gives up when it is told to', async () => {
    const signal = AbortSignal.abort();
    await expect(clientOf(server).call('syncMObjects', insertOf('x'), { signal })).rejects.toThrow(/abort/);
  });
});
