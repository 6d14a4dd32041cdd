import { gzipSync } from 'node:zlib';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { SoapFault } from '../../src/contract/faults.ts';
import { createTrace } from '../../src/server/call-trace.ts';
import { type BodiesToKeep, bodyTexts, createKeptBodies } from '../../src/server/kept-bodies.ts';
import { withoutSignature } from '../../src/server/without-signature.ts';
import { openStore } from '../../src/store/open.ts';

const call = (body: string | Uint8Array, contentEncoding?: string) => ({
  body: Buffer.from(body as string),
  contentType: 'text/xml',
  contentEncoding,
  address: null,
});

async function kept(which: BodiesToKeep, maxBytes = 1e9) {
  const { bodies, close } = await openStore('sqlite::memory:');
  const logger = pino({ level: 'silent' });
  const keeping = createKeptBodies({ bodies, settings: { which, maxBytes }, logger, now: () => new Date() });
  return {
    async keep(callId: string, how: 'well' | 'FAILED' | 'fault', sent = call('<a/>'), answer = '<b/>') {
      const trace = createTrace(callId);
      if (how === 'FAILED') trace.rows.set('FAILED', 1);
      if (how === 'fault') trace.fault = new SoapFault(20011);
      keeping.keep(trace, sent, answer);
      await keeping.settled();
      const found = await bodies.find(callId);
      return found && bodyTexts(found);
    },
    bodies,
    close,
  };
}

it.each<[BodiesToKeep, boolean[]]>([
  ['off', [false, false, false]],
  ['failed', [false, true, true]],
  ['all', [true, true, true]],
])('%s keeps what it says', async (which, expected) => {
  const { keep, close } = await kept(which);
  const found = [await keep('a', 'well'), await keep('b', 'FAILED'), await keep('c', 'fault')];
  expect(found.map((one) => one !== undefined)).toEqual(expected);
  await close();
});

it('keeps texts of any length and coding, cut with a mark', async () => {
  const { keep, close } = await kept('all');
  expect(await keep('a', 'well', call('<a>ü</a>'), '<b>ä</b>')).toEqual({
    request: '<a>ü</a>',
    answer: '<b>ä</b>',
  });
  const long = 'ü'.repeat(400_000);
  for (const sent of [call(long), call(gzipSync(long), 'gzip')]) {
    const { request = '', answer = '' } = (await keep('b', 'well', sent, long)) ?? {};
    for (const text of [request, answer]) {
      expect(text).toMatch(/^ü+\ufffd?\n… \(the rest was not kept\)$/);
      expect(Buffer.byteLength(text)).toBeLessThan(530_000);
    }
  }
  expect((await keep('c', 'well', call('not gzip', 'gzip')))?.request).toContain('could not be unpacked');
  await close();
});

it('removes the oldest when all take too much', async () => {
  const { keep, bodies, close } = await kept('all', 10_000);
  const noise = () => Array.from({ length: 2000 }, () => Math.random().toString(36)[5]).join('');
  const ids = Array.from({ length: 20 }, (_, index) => `call ${index}`);
  for (const id of ids) await keep(id, 'well', call(noise()));
  const left = await bodies.which(ids);
  expect(left.has('call 0')).toBe(false);
  expect(left.has('call 19')).toBe(true);
  await close();
});

describe('the signature is left out', () => {
  it.each([
    '<requestSignature>SECRET</requestSignature>',
    '<ns1:requestSignature xsi:type="xsd:string">SECRET</ns1:requestSignature>',
    '<requestSignature><![CDATA[SECRET]]></requestSignature>',
    '<requestSignature>SEC<!-- a -->RET</requestSignature >',
    '<requestSignature>SECR',
    '<requestSignature a=">" b=\'/>\'>SECRET</requestSignature>',
    '<requestSignature><!-- </requestSignature> -->SECRET</requestSignature>',
    '<requestSignature href="#s"/><multiRef id="s" xsi:type="xsd:string">SECRET</multiRef>',
    "<requestSignature href='#s'></requestSignature><m id='s' href='#t'/><m:ref\nid = \"t\">SEC&#82;RET</m:ref>",
    '<requestSignature\n>SECRET</requestSignature><b/><requestSignature>SECRET</requestSignature>',
  ])('of %s', (xml) => {
    const text = withoutSignature(`<a>${xml}`);
    expect(text).not.toMatch(/SEC|RET/);
    expect(text).toMatch(/^<a><(ns1:)?requestSignature/);
  });

  it('of an element that stands before it', () => {
    const text = withoutSignature('<m id="s">SECRET</m><m id="t">other</m><requestSignature href="#s"/>');
    expect(text).toBe('<m id="s">…</m><m id="t">other</m><requestSignature href="#s"/>');
  });

  it.each(["<!-- <a ' -->", '<![CDATA[<a "]]>', '<?p <a "?>'])('behind %s', (before) => {
    const text = withoutSignature(`<a>${before}<requestSignature>SECRET</requestSignature></a>`);
    expect(text).toBe(`<a>${before}<requestSignature>…</requestSignature></a>`);
  });

  it('wherever it stands, once it is known', () => {
    const xml = '<a b="AbCd1">abcd1</a><!-- ABCD1 -->';
    expect(withoutSignature(xml, 'abcd1')).toBe('<a b="…">…</a><!-- … -->');
  });

  it.each([
    '<requestSignature ',
    '<requestSignature>',
    "<a '",
    '<a "<',
    '<!--',
    '<![CDATA[',
    '<?',
    '<a:',
    '</a ',
  ])('in a time proportional to the length, of %s repeated', (piece) => {
    const timeOf = (length: number) => {
      const xml = piece.repeat(length / piece.length);
      const began = performance.now();
      withoutSignature(xml);
      return performance.now() - began;
    };
    timeOf(10_000);
    expect(timeOf(1_000_000)).toBeLessThan(2000);
  });

  it('and nothing else', () => {
    const xml = '<requestSignature/><requestTimestamp>T</requestTimestamp>';
    expect(withoutSignature(xml)).toBe(xml);
  });
});
