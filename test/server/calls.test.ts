import { deflateSync, gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAddressList } from '../../src/access/addresses.ts';
import { faultCodes } from '../../src/contract/faults.ts';
import { type Store, StoreError } from '../../src/store/store.ts';
import { defaultCaps } from '../../src/wire/caps.ts';
import {
  envelope,
  faultCode,
  faultMessage,
  header,
  heldStore,
  insertOf,
  post,
  startTestServer,
  type TestServer,
} from './test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.remove());

/** Runs a test against a server of its own. */
async function withServer(
  options: Parameters<typeof startTestServer>[0],
  test: (own: TestServer) => Promise<void>,
) {
  const own = await startTestServer(options);
  try {
    await test(own);
  } finally {
    await own.remove();
  }
}

describe('a call', () => {
  it('is answered with 200 and XML in UTF-8', async () => {
    const { response, status, text } = await post(server, envelope());
    expect(status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/xml; charset=utf-8');
    expect(text).toContain('<status>CREATED</status>');
  });

  it.each([
    'application/xml',
    'application/x-www-form-urlencoded',
    'text',
    '*',
    'multipart/form-data; boundary=x',
    '',
  ])('is read whatever its content type is: %j', async (type) => {
    expect((await post(server, envelope(), { 'content-type': type })).status).toBe(200);
  });

  it('is read without a content type', async () => {
    expect((await post(server, Buffer.from(envelope()), {})).status).toBe(200);
  });

  it('is read in the charset of its content type', async () => {
    const body = Buffer.from(envelope(insertOf('Ünïon')).replace(/<\?xml.*?\?>/, ''), 'latin1');
    const { status } = await post(server, body, { 'content-type': 'text/xml; charset=ISO-8859-1' });
    expect(status).toBe(200);
    const { opportunities } = await server.store.contents();
    expect(opportunities.map(({ values }) => values.get('Name'))).toContain('Ünïon');
  });

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
  ] as const)('is unpacked from %s', async (coding, pack) => {
    expect((await post(server, pack(envelope()), { 'content-encoding': coding })).status).toBe(200);
  });

  it('of several slices is read whole', async () => {
    const long = insertOf('Long');
    long.mObjectList.mObject[0]?.attribList?.attrib.push({ name: 'Description', value: 'd'.repeat(1_999) });
    long.mObjectList.mObject = Array.from({ length: 100 }, () => long.mObjectList.mObject[0] as never);
    const body = envelope(long).replaceAll('<mObject>', `${' '.repeat(8_000)}<mObject>`);
    expect(body.length).toBeGreaterThan(3 * 256 * 1024);
    const { status, text } = await post(server, body);
    expect(status).toBe(200);
    expect(text.match(/<status>CREATED/g)).toHaveLength(100);
  });

  it('is carried out on every version and with a slash behind', async () => {
    for (const path of ['1_0', '2_9', '12_34/', '/2_7']) {
      const url = `${server.url}/soap/mktows/${path}`;
      expect((await fetch(url, { method: 'POST', body: envelope() })).status).toBe(200);
    }
  });

  it('is answered in gzip where the client takes it and the answer is large', async () => {
    const many = { ...insertOf('Many') };
    many.mObjectList.mObject = Array.from({ length: 50 }, () => many.mObjectList.mObject[0] as never);
    const { response, text } = await post(server, envelope(many), { 'accept-encoding': 'gzip' });
    expect(response.headers.get('content-encoding')).toBe('gzip');
    expect(text.match(/CREATED/g)).toHaveLength(50);
    const plain = await post(server, envelope(many), { 'accept-encoding': 'gzip;q=0' });
    expect(plain.response.headers.get('content-encoding')).toBeNull();
    const small = await post(server, envelope(), { 'accept-encoding': 'gzip' });
    expect(small.response.headers.get('content-encoding')).toBeNull();
    expect(() => gunzipSync(small.text)).toThrow();
  });

  it('is logged with its user, operation and rows', async () => {
    await post(server, envelope(insertOf('Logged')));
    await expect
      .poll(() => server.log.at(-1))
      .toMatchObject({ user: 'test_1_ABC', operation: 'syncMObjects', mode: 'INSERT', rows: { CREATED: 1 } });
  });

  it('is logged also when its client is gone before the answer', async () => {
    const { between, begun, letGo } = heldStore();
    await withServer({ between }, async (own) => {
      const client = new AbortController();
      const call = fetch(own.endpoint, { method: 'POST', body: envelope(), signal: client.signal });
      await begun;
      client.abort();
      await expect(call).rejects.toThrow();
      letGo();
      await expect.poll(() => own.log.at(-1)).toMatchObject({ rows: { CREATED: 1 }, address: '127.0.0.1' });
    });
  });

  it('is in the journal when it is answered', async () => {
    await post(server, envelope(insertOf('Journalled')));
    const [newest] = await server.store.journal.newest(1);
    expect(newest).toMatchObject({
      userId: 'test_1_ABC',
      operation: 'syncMObjects',
      mode: 'INSERT',
      fault: null,
    });
    expect(newest?.address).toBe('127.0.0.1');
  });
});

describe('a call that nobody signed', () => {
  const variants = {
    'without header': envelope().replace(/<(\S+):Header>.*<\/\1:Header>/s, ''),
    'of an unknown user': envelope(undefined, header({ mktowsUserId: 'nobody' })),
    'with a wrong signature': envelope(undefined, header({ requestSignature: '0'.repeat(40) })),
    'with an unreadable timestamp': envelope(undefined, header({ requestTimestamp: 'yesterday' })),
    'without signature': envelope(undefined, header({ requestSignature: '' })),
  };

  it('gets one and the same answer, 20014, whatever is wrong', async () => {
    const answers = await Promise.all(Object.values(variants).map((body) => post(server, body)));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 500));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(faultCode(answers[0]?.text ?? '')).toBe(20014);
  });

  it('is logged with what was wrong, and never with secret or signature', async () => {
    await post(server, variants['of an unknown user']);
    await expect.poll(() => server.log.at(-1)?.reason).toBe('user "nobody" is unknown');
    const signed = header();
    await post(server, envelope(undefined, { ...signed, requestTimestamp: 'never' }));
    await expect.poll(() => server.log.at(-1)?.reason).toMatch(/signature|timestamp/);
    expect(JSON.stringify(server.log)).not.toContain(signed.requestSignature);
    expect(JSON.stringify(server.log)).not.toContain('a secret of the tests');
  });

  it('is not in the journal', async () => {
    const before = await server.store.journal.newest(1);
    await post(server, variants['with a wrong signature']);
    expect(await server.store.journal.newest(1)).toEqual(before);
  });
});

describe('a fault', () => {
  const codeOf = async (body: string | Uint8Array, headers?: Record<string, string>) => {
    const { status, text, response } = await post(server, body, headers);
    expect(status).toBe(500);
    expect(response.headers.get('content-type')).toBe('text/xml; charset=utf-8');
    return faultCode(text);
  };

  it('20016 says by how much the timestamp is off', async () => {
    const requestTimestamp = new Date(Date.now() - 7_200_000).toISOString();
    const { text } = await post(server, envelope(undefined, header({ requestTimestamp })));
    expect(faultCode(text)).toBe(20016);
    expect(faultMessage(text)).toContain('2 h 0 min behind the server&apos;s clock'.replace('&apos;', "'"));
  });

  it('20019 names an operation that nobody knows', async () => {
    const { text } = await post(server, envelope().replaceAll('paramsSyncMObjects', 'paramsFlyToMoon'));
    expect(faultCode(text)).toBe(20019);
    expect(faultMessage(text)).toContain('paramsFlyToMoon');
  });

  it('20019 names the request element for one that is named as the operation', async () => {
    const { text } = await post(server, envelope().replaceAll('paramsSyncMObjects', 'syncMObjects'));
    expect(faultMessage(text)).toContain(
      '"syncMObjects", which is not a request of the API; expected paramsSyncMObjects',
    );
  });

  it('of a signed call is in the journal with its code', async () => {
    await post(server, envelope().replaceAll('paramsSyncMObjects', 'paramsFlyToMoon'));
    await expect
      .poll(async () => (await server.store.journal.newest(1))[0])
      .toMatchObject({ operation: 'paramsFlyToMoon', userId: 'test_1_ABC', fault: 20019 });
  });

  it('20012 answers an empty body, no XML, broken gzip and an unknown coding', async () => {
    expect(await codeOf('')).toBe(20012);
    expect(await codeOf('hello')).toBe(20012);
    expect(await codeOf('<a>')).toBe(20012);
    expect(await codeOf('no gzip', { 'content-encoding': 'gzip' })).toBe(20012);
    expect(await codeOf(envelope(), { 'content-encoding': 'br' })).toBe(20012);
  });

  it.each(['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'PROPFIND'])(
    '20012 tells %s what to do',
    async (method) => {
      const response = await fetch(server.endpoint, { method });
      const text = await response.text();
      expect(response.status).toBe(500);
      expect(faultCode(text)).toBe(20012);
      expect(faultMessage(text)).toContain(`${method} is not a SOAP call`);
      expect(faultMessage(text)).toContain('/soap/mktows/2_7?WSDL');
    },
  );

  it('20012 answers a body over the cap, with and without a stated length', () =>
    withServer({ caps: { ...defaultCaps, maxBytes: 100_000 } }, async (own) => {
      const fits = `${envelope()}${' '.repeat(100_000)}`.slice(0, 100_000);
      expect((await post(own, fits)).status).toBe(200);
      const stated = await post(own, `${fits} `);
      expect([stated.status, faultCode(stated.text)]).toEqual([500, 20012]);
      expect(faultMessage(stated.text)).toContain('100000 bytes');
      const pieces = new ReadableStream({
        start(controller) {
          for (let piece = 0; piece < 40; piece++) controller.enqueue(new Uint8Array(100_000));
          controller.close();
        },
      });
      const streamed = await fetch(own.endpoint, {
        method: 'POST',
        body: pieces,
        duplex: 'half',
      } as RequestInit);
      expect(faultCode(await streamed.text())).toBe(20012);
      const packed = await post(own, gzipSync(`${fits} `), { 'content-encoding': 'gzip' });
      expect(faultCode(packed.text)).toBe(20012);
    }));

  it('20012 or another of ours answers whatever is sent', async () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 2_000 }),
      fc.tuple(fc.nat(690), fc.nat(255)).map(([at, byte]) => Buffer.from(envelope()).fill(byte, at, at + 1)),
    );
    const printable = fc.stringMatching(/^[\x21-\x7e]{0,30}$/);
    const headers = fc.record({
      'content-type': fc.oneof(fc.constant('text/xml'), printable),
      'content-encoding': fc.constantFrom('identity', 'gzip', 'deflate', 'x-gzip, deflate', 'none'),
    });
    await fc.assert(
      fc.asyncProperty(bytes, headers, async (body, sent) => {
        const { status, text, response } = await post(server, body, sent);
        expect(response.headers.get('content-type')).toBe('text/xml; charset=utf-8');
        if (status === 200) expect(text).toContain('successSyncMObjects');
        else {
          expect(status).toBe(500);
          expect(faultCodes).toContain(faultCode(text));
          expect(faultCode(text)).not.toBe(20011);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('20013 answers an address that is not on the list, and the WSDL is not for it either', () =>
    withServer({ addresses: createAddressList(['192.0.2.0/24']) }, async (own) => {
      expect(faultCode((await post(own, envelope())).text)).toBe(20013);
      expect(faultCode(await (await fetch(`${own.endpoint}?WSDL`)).text())).toBe(20013);
    }));

  it('20013 looks at the address that a trusted proxy states', () =>
    withServer({ addresses: createAddressList(['192.0.2.0/24']), trustProxy: ['127.0.0.1'] }, async (own) => {
      expect((await post(own, envelope(), { 'x-forwarded-for': '192.0.2.9' })).status).toBe(200);
      expect((await post(own, envelope(), { 'x-forwarded-for': '192.0.3.9' })).status).toBe(500);
    }));

  it('20013 looks at the address alone where the proxy writes a port behind it', () =>
    withServer(
      { addresses: createAddressList(['192.0.2.9', '2001:db8::9']), trustProxy: ['127.0.0.1'] },
      async (own) => {
        for (const client of ['192.0.2.9:4711', '[2001:db8::9]:4711']) {
          expect((await post(own, envelope(), { 'x-forwarded-for': client })).status).toBe(200);
        }
      },
    ));

  it('20015, 20023 and 20024 answer calls over the limits, and unsigned calls use up none', () =>
    withServer({ limitSettings: { rate: 2 } }, async (own) => {
      await post(own, envelope(undefined, header({ mktowsUserId: 'nobody' })));
      const codes: number[] = [];
      for (let call = 0; call < 3; call++) codes.push(faultCode((await post(own, envelope())).text));
      expect(codes).toEqual([Number.NaN, Number.NaN, 20023]);
    }));

  it('frees the place of a call that failed', () =>
    withServer({ limitSettings: { concurrency: 1 } }, async (own) => {
      const bad = envelope().replaceAll('paramsSyncMObjects', 'paramsFlyToMoon');
      expect(faultCode((await post(own, bad)).text)).toBe(20019);
      expect((await post(own, envelope())).status).toBe(200);
    }));

  it('20024 answers a call while as many as the limit are with the store', async () => {
    const { between, letGo } = heldStore();
    await withServer({ limitSettings: { concurrency: 1 }, between }, async (own) => {
      const first = post(own, envelope());
      await expect.poll(async () => faultCode((await post(own, envelope())).text)).toBe(20024);
      letGo();
      expect((await first).status).toBe(200);
    });
  });
});

describe('a store that fails', () => {
  const failing = (error: Error) => (store: Store) =>
    Object.assign(Object.create(store) as Store, { apply: () => Promise.reject(error) });

  it('is fault 20011, which says that nothing was applied, and not why', () =>
    withServer({ between: failing(new StoreError('disk /var/x is full')) }, async (own) => {
      const { status, text } = await post(own, envelope());
      expect([status, faultCode(text)]).toEqual([500, 20011]);
      expect(faultMessage(text)).toContain('othing of this call was applied');
      expect(text).not.toContain('disk');
      await expect.poll(() => own.log.at(-1)?.reason).toBe('disk /var/x is full');
    }));

  it('says so when it is not known whether the call was applied', () =>
    withServer({ between: failing(new StoreError('lost', { outcomeUnknown: true })) }, async (own) => {
      const { text } = await post(own, envelope());
      expect(faultCode(text)).toBe(20011);
      expect(faultMessage(text)).toContain('not known whether this call was applied');
    }));

  it('with an error that nobody foresaw shows nothing of it to the client', () =>
    withServer({ between: failing(new TypeError('x is undefined')) }, async (own) => {
      const { text } = await post(own, envelope());
      expect(faultCode(text)).toBe(20011);
      expect(text).not.toContain('undefined');
      await expect.poll(() => JSON.stringify(own.log.at(-1))).toContain('x is undefined');
    }));
});
