import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UNCOUNTED_BYTES } from '../../src/server/http-caps.ts';
import { UNSIGNED_CHARACTERS } from '../../src/server/signed-head.ts';
import {
  envelope,
  faultCode,
  faultMessage,
  header,
  insertOf,
  post,
  rawRequest,
  startTestServer,
  type TestServer,
} from './test-server.ts';

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer();
});
afterEach(() => server.remove());

const wrong = header({ requestSignature: '0'.repeat(40) });
const unsigned = envelope(insertOf('One'), wrong);
const XML = { 'content-type': 'text/xml; charset=utf-8' };

/** A call in which Header ends at this byte. */
function headEndingAt(bytes: number): string {
  const call = envelope();
  const end = '</SOAP-ENV:Header>';
  const missing = bytes - (call.indexOf(end) + end.length);
  return call.replace('<SOAP-ENV:Header>', `<SOAP-ENV:Header><!--${'x'.repeat(missing - 7)}-->`);
}

/** Sends the beginning of a call and waits for the answer, without ever sending the rest. */
async function answerToBeginning(body: string, length: number, ...headers: string[]): Promise<string> {
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  const whole = rawRequest(server, body.padEnd(length, ' '), headers);
  socket.write(whole.slice(0, whole.length - length + Math.floor(length / 2)));
  return text(socket);
}

describe('the signature is looked at before the rest of a call', () => {
  it('a call of a stranger is fault 20014, whatever is wrong with what comes behind its Header', async () => {
    const { text: answer } = await post(server, unsigned.replace('</mObject>', `${' '.repeat(10_000)}<`));
    expect(faultCode(answer)).toBe(20014);
    expect(server.log.at(-1)).toMatchObject({ operation: 'syncMObjects', user: null, fault: 20014 });
  });

  it('a signed call with the same fault in it is 20012, and its user is in the journal', async () => {
    const { text: answer } = await post(server, envelope().replace('</mObject>', `${' '.repeat(10_000)}<`));
    expect(faultCode(answer)).toBe(20012);
    await expect
      .poll(() => server.store.journal.newest(1))
      .toMatchObject([{ fault: 20012, operation: 'syncMObjects' }]);
  });

  it('bytes that are no UTF-8 in the call of a stranger are fault 20014, too, and 20012 in a signed one', async () => {
    const broken = (call: string) => {
      const [before = '', after = ''] = call.split('</mObject>');
      return Buffer.concat([Buffer.from(before), Buffer.of(0xff), Buffer.from(`</mObject>${after}`)]);
    };
    expect(faultCode((await post(server, broken(unsigned))).text)).toBe(20014);
    const { text: answer } = await post(server, broken(envelope()));
    expect(faultCode(answer)).toBe(20012);
    expect(faultMessage(answer)).toContain('the byte 0xFF is not UTF-8 here');
  });

  it('what is wrong before the end of the Header comes first', async () => {
    const { text: answer } = await post(server, unsigned.replace('</SOAP-ENV:Header>', '<'));
    expect(faultCode(answer)).toBe(20012);
  });

  it('a large call of a stranger is refused while it still arrives', async () => {
    expect(faultCode(await answerToBeginning(unsigned, 4 * UNCOUNTED_BYTES))).toBe(20014);
  });

  it('a large call that begins with its Body is refused while it still arrives', async () => {
    const beginning = unsigned.replace(/<SOAP-ENV:Header>.*<\/SOAP-ENV:Header>/s, '');
    expect(faultCode(await answerToBeginning(beginning, 4 * UNCOUNTED_BYTES))).toBe(20014);
  });

  it('a large signed call is read to its end', async () => {
    const large = envelope().padEnd(4 * UNCOUNTED_BYTES, ' ');
    expect((await post(server, large)).text).toContain('<status>CREATED');
    expect((await post(server, gzipSync(large), { ...XML, 'content-encoding': 'gzip' })).text).toContain(
      '<status>CREATED',
    );
  });
});

describe('the Header', () => {
  it('may end at the cap', async () => {
    expect((await post(server, headEndingAt(UNSIGNED_CHARACTERS))).text).toContain('<status>CREATED');
  });

  it('that ends one piece behind the cap is fault 20012', async () => {
    const { text: answer } = await post(server, headEndingAt(UNSIGNED_CHARACTERS + 4 * 1024));
    expect(faultMessage(answer)).toContain('does not end within the first 65536 characters');
  });

  it('that is cut off by a comment of any length is read in a small call', async () => {
    for (const bytes of [4_000, 4_096, 5_000, 8_192, 9_000])
      expect((await post(server, headEndingAt(bytes))).text).toContain('<status>CREATED');
  });
});

it('a small packed call is answered while large ones wait for each other', async () => {
  const [large, small] = [
    gzipSync(envelope().padEnd(15 * 2 ** 20, ' ')),
    gzipSync(envelope(insertOf('small'))),
  ];
  const packed = { ...XML, 'content-encoding': 'gzip' };
  const order: string[] = [];
  const work = Array.from({ length: 6 }, () => post(server, large, packed).then(() => order.push('large')));
  await once(server.app.server, 'request');
  work.push(post(server, small, packed).then(() => order.push('small')));
  await Promise.all(work);
  expect(order.at(-1)).toBe('large');
});
