import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { envelope, heldStore, overSocket, rawRequest, startTestServer } from './test-server.ts';

/** Resolves when the connection is made. */
const connected = (url: string) =>
  new Promise<ReturnType<typeof connect>>((resolve) => {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname, () => resolve(socket));
  });

describe('stopping', () => {
  it('finishes a call that is with the store, and ends its connection', async () => {
    const { between, begun, letGo } = heldStore();
    const server = await startTestServer({ between });
    const answer = overSocket(server, rawRequest(server, envelope()));
    await begun;
    const stopped = server.stop();
    letGo();
    expect(await answer).toMatch(/^HTTP\/1\.1 200 [\s\S]*connection: close[\s\S]*CREATED/i);
    await stopped;
    await server.remove();
  });

  it('does not wait for connections on which nothing comes', async () => {
    const server = await startTestServer();
    const silent = await connected(server.url);
    const kept = await connected(server.url);
    kept.write(rawRequest(server, envelope()));
    await new Promise((resolve) => kept.once('data', resolve));
    const began = performance.now();
    await server.stop();
    expect(performance.now() - began).toBeLessThan(5_000);
    silent.destroy();
    kept.destroy();
    await server.remove();
  });

  it('closes the store', async () => {
    const server = await startTestServer();
    await server.stop();
    await expect(server.store.ping()).rejects.toThrow();
    await server.remove();
  });

  it('takes no new connections', async () => {
    const server = await startTestServer();
    await server.stop();
    await expect(fetch(`${server.url}/livez`)).rejects.toThrow();
    await server.remove();
  });
});
