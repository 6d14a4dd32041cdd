import { type ClientRequest, request } from 'node:http';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { rotateToken } from '../../src/admin/token.ts';
import { type AdminServer, caller, startAdminServer } from './admin-server.ts';

interface Row {
  readonly position: number;
  readonly id: number | null;
  readonly status: string;
  readonly reason: string | null;
  readonly name: string | null;
  readonly changes: readonly { name: string; before: unknown; after: unknown; cut: boolean }[];
}
interface Call {
  readonly number: number;
  readonly callId: string;
  readonly operation: string;
  readonly fault: { code: number; text: string } | null;
  readonly rows: Readonly<Record<string, number>>;
  readonly milliseconds: number | null;
  readonly hasBodies: boolean;
  readonly rowResults: readonly Row[];
  readonly request: string | null;
  readonly answer: string | null;
  readonly bodies: string;
}
interface Page {
  readonly items: readonly Call[];
  readonly next: string | null;
}

let server: AdminServer;

/** Texts that would do harm if they were read as HTML, by a terminal, or from right to left. */
const hostile = '<script>alert(1)</script>\u202e[31m"\'&';

const opportunity = (values: Record<string, string>, id?: number) => ({
  type: 'Opportunity' as const,
  ...(id === undefined ? {} : { id }),
  attribList: { attrib: Object.entries(values).map(([name, value]) => ({ name, value })) },
});
const sync = (operation: 'INSERT' | 'UPDATE', ...mObject: ReturnType<typeof opportunity>[]) => ({
  operation,
  mObjectList: { mObject },
});

const send = (body: object, path = 'send') => server.ask(`/calls/${path}`, { method: 'POST', body });
const sendSync = async (operation: 'INSERT' | 'UPDATE', ...rows: ReturnType<typeof opportunity>[]) =>
  (await send({ operation: 'syncMObjects', params: sync(operation, ...rows) })).json<Call>();
const page = async (query = '') => (await server.ask(`/calls${query}`)).json<Page>();
const one = async (number: number) => (await server.ask(`/calls/${number}`)).json<Call>();

describe('calls', () => {
  let created: Call;
  beforeAll(async () => {
    server = await startAdminServer();
    created = await sendSync('INSERT', opportunity({ Name: 'One', Stage: 'New' }));
  });
  afterAll(() => server.remove());

  it('show the values before and after each change, and the name', async () => {
    const id = created.rowResults[0]?.id ?? 0;
    const { number, rowResults } = await sendSync('UPDATE', opportunity({ Stage: hostile, Amount: '5' }, id));
    expect(rowResults).toEqual((await one(number)).rowResults);
    expect(rowResults).toMatchObject([
      {
        position: 1,
        id,
        status: 'UPDATED',
        name: 'One',
        changes: [
          { name: 'Stage', before: 'New', after: hostile, cut: false },
          { name: 'Amount', before: null, after: 5, cut: false },
        ],
      },
    ]);
  });

  it('show request and answer of a call with a FAILED row, without the signature', async () => {
    const { number } = await sendSync('INSERT', opportunity({ Nme: 'x' }));
    const call = await one(number);
    expect(call).toMatchObject({ bodies: 'kept', hasBodies: true, rows: { FAILED: 1 } });
    expect(call.request).toContain('<requestSignature>…</requestSignature>');
    expect(call.request).toContain('Nme');
    expect(call.answer).toContain('FAILED');
    expect(call.rowResults[0]?.reason).toContain('Name');
  });

  it('show no bodies of others', async () => {
    expect(await one(created.number)).toMatchObject({ bodies: 'off', request: null, answer: null });
  });

  it('show the text of a fault, and the time that the call took', async () => {
    const { number } = (await send({ operation: 'syncMObjects', params: {} })).json<Call>();
    const call = await one(number);
    expect(call.fault).toMatchObject({ code: 20109, text: expect.stringContaining('operation is missing') });
    expect(call.milliseconds).toBeGreaterThan(0);
    expect(call.bodies).toBe('kept');
  });

  it('are listed page by page, newest first', async () => {
    const all = await page();
    const first = await page('?limit=2');
    expect(first.items).toEqual(all.items.slice(0, 2));
    const second = await page(`?limit=2&after=${encodeURIComponent(first.next ?? '')}`);
    expect(second.items).toEqual(all.items.slice(2, 4));
    expect(all.next).toBeNull();
  });

  it.each([
    ['status=FAILED', (call: Call) => (call.rows.FAILED ?? 0) > 0],
    ['fault=any', (call: Call) => call.fault !== null],
    ['fault=20109', (call: Call) => call.fault?.code === 20109],
    ['fault=none&operation=syncMObjects', (call: Call) => call.fault === null],
    [`user=${caller.user}`, () => true],
    ['user=nobody', () => false],
    ['since=2999-01-01', () => false],
  ])('are filtered by %s', async (query, fits) => {
    const all = await page();
    expect((await page(`?${query}`)).items).toEqual(all.items.filter(fits));
  });

  it('are found by a text in their rows', async () => {
    const { items } = await page(`?text=${encodeURIComponent(hostile)}`);
    expect(items).toHaveLength(1);
  });

  it.each(['after=1', 'since=yesterday', 'fault=1', 'status=GONE', 'text='])('refuse %s', async (query) => {
    expect((await server.ask(`/calls?${query}`)).status).toBe(400);
  });

  it('of no number are 404', async () => {
    expect((await server.ask('/calls/999999')).status).toBe(404);
  });

  it('are in the overview', async () => {
    interface Overview {
      readonly buckets: readonly { calls: number; rows: Record<string, number>; medianMs: number | null }[];
      readonly operations: readonly { operation: string; calls: number; faults: number }[];
      readonly faults: readonly { code: number; text: string; calls: number; last: string | null }[];
      readonly reasons: readonly { status: string; reason: string; rows: number }[];
      readonly store: readonly { type: string; count: number }[];
      readonly server: { endpoint: string };
    }
    const all = await page();
    const overview = (await server.ask('/overview')).json<Overview>();
    const calls = overview.buckets.reduce((sum, bucket) => sum + bucket.calls, 0);
    expect(calls).toBe(all.items.length);
    expect(overview.server.endpoint).toBe(server.serving.server.endpoint);
    expect(overview.operations).toMatchObject([{ operation: 'syncMObjects', calls }]);
    expect(overview.faults).toMatchObject([{ code: 20109, last: expect.any(String) }]);
    expect(overview.reasons).toMatchObject([{ status: 'FAILED', rows: 1 }]);
    expect(overview.store).toContainEqual({ type: 'Opportunity', section: 'opportunities', count: 1 });
    expect(overview.buckets.some(({ medianMs }) => medianMs !== null && medianMs > 0)).toBe(true);
  });
});

describe('a dry run', () => {
  afterEach(() => server.remove());

  it('tells what a call would do, and leaves objects, ids and journal as they were', async () => {
    server = await startAdminServer();
    const body = { operation: 'syncMObjects', params: sync('INSERT', opportunity({ Name: 'One' })) };
    const dry = (await send(body, 'dry-run')).json<Call>();
    expect(dry).toMatchObject({ number: null, fault: null, rowResults: [{ status: 'CREATED' }] });
    expect(dry.answer).toContain('CREATED');
    expect((await page()).items).toEqual([]);
    const { rowResults } = (await send(body)).json<Call>();
    expect(rowResults).toEqual(dry.rowResults);
  });

  it('takes an envelope, whatever its Header is', async () => {
    server = await startAdminServer();
    const xml = `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:m="http://www.marketo.com/mktows/">
      <s:Header><m:AuthenticationHeader><mktowsUserId>x</mktowsUserId></m:AuthenticationHeader></s:Header>
      <s:Body><m:paramsListMObjects/></s:Body></s:Envelope>`;
    for (const sent of [xml, xml.replace(/<s:Header>[\s\S]*<\/s:Header>/, '')]) {
      for (const path of ['dry-run', 'send']) {
        const done = (await send({ xml: sent }, path)).json<Call>();
        expect([done.fault, done.answer]).toEqual([null, expect.stringContaining('Opportunity')]);
        expect(done.request).toContain('<requestSignature>…</requestSignature>');
      }
    }
  });

  it('replaces no Header but that of the envelope', async () => {
    server = await startAdminServer();
    const xml = `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:m="http://www.marketo.com/mktows/">
      <!-- <s:Header>1</s:Header> --><s:Body><m:paramsListMObjects><Header>2</Header></m:paramsListMObjects></s:Body></s:Envelope>`;
    const { request } = (await send({ xml }, 'dry-run')).json<Call>();
    expect(request).toContain('<!-- <s:Header>1</s:Header> -->');
    expect(request).toContain('<Header>2</Header>');
  });

  it.each(['<Header>', '<Header ', '<a><Header>', '<!--'])(
    'takes a time proportional to the length of the envelope, of %s repeated',
    async (piece) => {
      server = await startAdminServer();
      const began = performance.now();
      expect((await send({ xml: `<a>${piece.repeat(100_000)}` }, 'dry-run')).status).toBe(400);
      expect(performance.now() - began).toBeLessThan(5000);
    },
  );

  it('tells the fault of what is no call', async () => {
    server = await startAdminServer();
    const { fault } = (await send({ xml: '<a><Body/></a>' }, 'dry-run')).json<Call>();
    expect(fault?.code).toBe(20012);
    for (const body of [{}, { xml: 'x', operation: 'a' }, { operation: 'x', params: {} }, { xml: '<a/>' }])
      expect((await send(body, 'dry-run')).status).toBe(400);
  });
});

describe('a stream of calls', () => {
  afterEach(() => server.remove());

  const insertSome = () =>
    server.client().syncMObjects('INSERT', [{ type: 'Opportunity', attributes: { Name: 'Some' } }]);

  /** Reads events until there are so many. */
  function events(count: number, headers: Record<string, string> = {}): Promise<string> {
    return new Promise((resolve, reject) => {
      const url = `${server.serving.server.url}/api/v1/calls/stream`;
      const asking = request(
        url,
        { headers: { authorization: `Bearer ${server.token}`, ...headers } },
        (response) => {
          let text = '';
          response.setEncoding('utf8').on('data', (piece: string) => {
            text += piece;
            if (text.split('event: call').length <= count) return;
            resolve(text);
            response.destroy();
          });
          response.on('error', () => {});
        },
      );
      asking.on('error', reject);
      asking.end();
    });
  }

  it('has a call that was made meanwhile, and resumes behind a number', async () => {
    server = await startAdminServer();
    const insert = (name: string) =>
      server.client().syncMObjects('INSERT', [{ type: 'Opportunity', attributes: { Name: name } }]);
    await insert('One');
    const [first] = (await page()).items;
    const coming = events(1);
    await expect
      .poll(
        async () => {
          await insert('More');
          return Promise.race([coming, Promise.resolve('')]);
        },
        { timeout: 20_000, interval: 300 },
      )
      .toContain('event: call');
    expect(await coming).toMatch(/^id: \d+$/m);
    const resumed = await events(1, { 'last-event-id': String(first?.number) });
    expect(resumed).toContain(`id: ${(first?.number ?? 0) + 1}\n`);
  });

  it('is refused beyond twenty, also if they are opened at once', async () => {
    server = await startAdminServer();
    await insertSome();
    const url = `${server.serving.server.url}/api/v1/calls/stream`;
    const asking: ClientRequest[] = [];
    const open = () =>
      new Promise<number | undefined>((resolve, reject) => {
        const headers = { authorization: `Bearer ${server.token}`, 'last-event-id': '0' };
        const one = request(url, { agent: false, headers }, ({ statusCode }) => resolve(statusCode));
        asking.push(one.on('error', reject).end());
      });
    const opened = await Promise.all(Array.from({ length: 40 }, open));
    expect(opened.filter((status) => status === 200)).toHaveLength(20);
    for (const one of asking) one.on('error', () => {}).destroy();
    await expect.poll(open, { timeout: 20_000 }).toBe(200);
  });

  it('ends when the token that opened it is replaced', async () => {
    server = await startAdminServer();
    const url = `${server.serving.server.url}/api/v1/calls/stream`;
    let text = '';
    const { promise: ended, resolve, reject } = Promise.withResolvers<void>();
    request(url, { headers: { authorization: `Bearer ${server.token}` } }, async (response) => {
      response.on('data', (piece) => {
        text += piece;
      });
      response.on('end', () => resolve()).on('error', reject);
      await rotateToken(join(server.folder, 'token'));
      await insertSome();
    })
      .on('error', reject)
      .end();
    await ended;
    expect(text).not.toContain('event: call');
  });

  it('ends when the server stops', async () => {
    server = await startAdminServer();
    const url = `${server.serving.server.url}/api/v1/calls/stream`;
    const ended = new Promise((resolve, reject) => {
      request(url, { headers: { authorization: `Bearer ${server.token}` } }, (response) => {
        response.resume().on('end', resolve).on('error', reject);
        void server.serving.stop();
      })
        .on('error', reject)
        .end();
    });
    await ended;
  });
});

describe('refused signatures', () => {
  it('are told with the text that was to be signed, and are not in the journal', async () => {
    server = await startAdminServer();
    try {
      const { createClient } = await import('../../src/client/index.ts');
      const wrong = createClient({
        endpoint: server.serving.server.endpoint,
        userId: caller.user,
        secret: 'another secret',
        retries: 0,
      });
      await expect(wrong.listMObjects()).rejects.toThrow(/20014/);
      const { items } = (await server.ask('/refused-signatures')).json<{
        items: Record<string, unknown>[];
      }>();
      expect(items).toMatchObject([
        { fault: 20014, userId: caller.user, reason: expect.stringContaining('wrong') },
      ]);
      expect(items[0]?.mistake).toContain('another secret');
      expect(items[0]).not.toHaveProperty('signature');
      expect(items[0]?.signed).toBe(`${items[0]?.requestTimestamp}${caller.user}`);
      expect(Math.abs(Number(items[0]?.clockDifferenceSeconds))).toBeLessThan(60);
      expect((await page()).items).toEqual([]);
    } finally {
      await server.remove();
    }
  });
});
