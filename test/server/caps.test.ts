import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { defaultHttpCaps, type HttpCaps, UNCOUNTED_BYTES } from '../../src/server/http-caps.ts';
import type { ServerOptions } from '../../src/server/server.ts';
import type { Store } from '../../src/store/store.ts';
import { encodeCall } from '../../src/wire/call-encoder.ts';
import {
  envelope,
  faultCode,
  faultMessage,
  header,
  heldStore,
  insertOf,
  overSocket,
  post,
  rawRequest,
  startTestServer,
  type TestServer,
  user,
} from './test-server.ts';

let server: TestServer;
const open: Socket[] = [];
afterEach(async () => {
  for (const socket of open.splice(0)) socket.destroy();
  await server.remove();
});

async function serveWith(caps: Partial<HttpCaps>, options: Partial<ServerOptions> = {}): Promise<void> {
  server = await startTestServer({ ...options, httpCaps: { ...defaultHttpCaps, ...caps } });
}

/** A connection on which a call has begun that does not end: the server waits for its body, and says so. */
async function busy(): Promise<void> {
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  open.push(socket);
  socket.write(rawRequest(server, envelope(), ['Expect: 100-continue']).slice(0, -1));
  const [first] = (await once(socket, 'data')) as [Buffer];
  expect(first.toString()).toContain('100 Continue');
}

const oneCall = () => overSocket(server, rawRequest(server, envelope(), ['Connection: close']));

describe('the cap on connections', () => {
  it('takes as many calls at once as it says, and answers one more with fault 20024', async () => {
    await serveWith({ maxConnections: 3 });
    await busy();
    await busy();
    expect(await oneCall()).toContain('<status>CREATED');
    await busy();
    const answer = await oneCall();
    expect(answer).toMatch(/^HTTP\/1\.1 500 [\s\S]*\r\nconnection: close\r\n/i);
    expect(faultCode(answer)).toBe(20024);
    expect(faultMessage(answer)).toContain('At most 3 connections are accepted at once (--max-connections)');
  });

  it('of an address does not count for a trusted proxy', async () => {
    await serveWith({ maxConnectionsPerAddress: 1 }, { trustProxy: ['loopback'] });
    await busy();
    expect(await oneCall()).toContain('<status>CREATED');
  });

  it('of an address counts for any other', async () => {
    await serveWith({ maxConnectionsPerAddress: 1 }, { trustProxy: ['uniquelocal'] });
    await busy();
    expect(faultMessage(await oneCall())).toContain('--max-connections-per-address');
  });

  it('ends an idle connection for a new one', async () => {
    await serveWith({ maxConnections: 1 });
    const { hostname, port } = new URL(server.url);
    const idle = connect(Number(port), hostname);
    open.push(idle);
    idle.write(rawRequest(server, envelope()));
    const answer = text(idle);
    await once(idle, 'data');
    expect(await oneCall()).toContain('<status>CREATED');
    expect(await answer).toContain('<status>CREATED');
  });
});

describe('the cap on bodies', () => {
  it('lets in a usual call however much others send, and a large one when they have ended', async () => {
    await serveWith({ maxBodiesBytes: 1_000 });
    const large = envelope().padEnd(UNCOUNTED_BYTES + 1_000, ' ');
    expect((await post(server, `${large} `)).text).toContain('(20024)');
    const { hostname, port } = new URL(server.url);
    const holding = connect(Number(port), hostname);
    open.push(holding);
    holding.write(rawRequest(server, large).slice(0, -1));
    await expect
      .poll(async () =>
        (await (await fetch(`${server.url}/metrics`)).text()).includes('mktows_bodies_bytes 999'),
      )
      .toBe(true);
    const refused = await post(server, large);
    expect([refused.status, faultCode(refused.text)]).toEqual([500, 20024]);
    expect(faultMessage(refused.text)).toContain('all 1000 bytes');
    expect((await post(server, envelope())).text).toContain('<status>CREATED');
    holding.destroy();
    await expect.poll(async () => (await post(server, large)).status).toBe(200);
  });

  it('counts nothing of a body that breaks off while its signature is checked', async () => {
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    const { promise: checked, resolve: endCheck } = Promise.withResolvers<void>();
    const authenticate = async () => {
      begin();
      await checked;
      return user;
    };
    await serveWith({}, { authenticate });
    const { hostname, port } = new URL(server.url);
    const leaving = connect(Number(port), hostname);
    leaving.write(rawRequest(server, envelope().padEnd(UNCOUNTED_BYTES + 1_000, ' ')).slice(0, -1));
    await begun;
    leaving.destroy();
    await expect.poll(() => server.log.some(({ reason }) => reason === 'aborted')).toBe(true);
    endCheck();
    await setImmediate();
    expect(await (await fetch(`${server.url}/metrics`)).text()).toMatch(/^mktows_bodies_bytes 0$/m);
  });
});

it('calls on one connection are carried out one after the other', async () => {
  let underWay = 0;
  let most = 0;
  const slow = (store: Store): Store =>
    Object.assign(Object.create(store) as Store, {
      apply: async (...call: Parameters<Store['apply']>) => {
        underWay++;
        most = Math.max(most, underWay);
        await new Promise((resolve) => setTimeout(resolve, 20));
        underWay--;
        return store.apply(...call);
      },
      close: () => store.close(),
    });
  server = await startTestServer({ between: slow });
  const calls = ['A', 'B', 'C'].map((name) => rawRequest(server, envelope(insertOf(name))));
  const last = rawRequest(server, envelope(insertOf('D')), ['Connection: close']);
  const answers = await overSocket(server, ...calls, last);
  expect(Array.from(answers.matchAll(/<id>(\d+)</g), ([, id]) => id)).toEqual(['1', '2', '3', '4']);
  expect(most).toBe(1);
});

describe('the cap on answers', () => {
  const page = () => encodeCall('getMObjects', { type: 'Opportunity' }, header());

  /** A page of answers that is this much longer than what is not counted. */
  async function storeLargePage(): Promise<number> {
    const name = 'x'.repeat(255);
    const mObject = Array.from({ length: 100 }, () => ({
      type: 'Opportunity' as const,
      attribList: {
        attrib: ['Name', 'Type', 'Stage', 'NextStep', 'LeadSource'].map((field) => ({
          name: field,
          value: name,
        })),
      },
    }));
    await post(server, envelope({ mObjectList: { mObject }, operation: 'INSERT' }));
    return Buffer.byteLength((await post(server, page())).text) - UNCOUNTED_BYTES;
  }

  it.each([0, 1])(
    'lets out an answer at the cap, and answers one above it with fault 20024: %i',
    async (above) => {
      await serveWith({});
      const counted = await storeLargePage();
      expect(counted).toBeGreaterThan(0);
      const { store } = server;
      const location = store.description.location;
      const second = await startTestServer({
        database: `sqlite:${location}`,
        httpCaps: { ...defaultHttpCaps, maxAnswersBytes: counted - above },
      });
      try {
        const answer = await post(second, page());
        expect(answer.status).toBe(above === 0 ? 200 : 500);
        if (above === 1) {
          expect([faultCode(answer.text), faultMessage(answer.text)]).toEqual([
            20024,
            expect.stringContaining('--max-answers'),
          ]);
        }
        const metrics = async () => (await fetch(`${second.url}/metrics`)).text();
        await expect.poll(metrics).toContain('mktows_answers_bytes 0');
        expect((await post(second, envelope())).status).toBe(200);
        const noted = async () =>
          (await second.store.journal.newest(9)).map(({ operation, fault }) => [operation, fault]);
        await expect.poll(noted).toContainEqual(['getMObjects', above === 0 ? null : 20024]);
      } finally {
        await second.remove();
      }
    },
  );
});

describe('requests sent ahead', () => {
  const ahead = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(3_000);

  it('while many wait, the connection that adds to them is ended, and the others are answered', async () => {
    const held = heldStore();
    server = await startTestServer({ between: held.between });
    const sent = Array.from({ length: 6 }, () =>
      overSocket(
        server,
        rawRequest(server, envelope()),
        ahead,
        rawRequest(server, '', ['Connection: close']),
      ).catch(() => ''),
    );
    const refused = async () =>
      Number(/cap="pipelined"} (\d+)/.exec(await (await fetch(`${server.url}/metrics`)).text())?.[1]);
    await expect.poll(refused).toBeGreaterThanOrEqual(1);
    held.letGo();
    const answers = await Promise.all(sent);
    const counts = answers.map((answer) => answer.split('HTTP/1.1 ').length - 1);
    expect(new Set(counts)).toEqual(new Set([0, 3_002]));
    expect((await post(server, envelope())).status).toBe(200);
  });
});

describe('headers', () => {
  it('are taken at the cap, and one KiB above it are status 431, which names the option', async () => {
    await serveWith({ maxHeaderBytes: 8 * 1024 });
    const padded = (bytes: number) => [`X-Large: ${'x'.repeat(bytes)}`, 'Connection: close'];
    expect(await overSocket(server, rawRequest(server, envelope(), padded(7 * 1024)))).toContain('CREATED');
    const answer = await overSocket(server, rawRequest(server, envelope(), padded(8 * 1024)));
    expect(answer).toMatch(/^HTTP\/1\.1 431 /);
    expect(faultMessage(answer)).toContain('larger than 8192 bytes, the most that is read (--max-headers)');
  });
});
