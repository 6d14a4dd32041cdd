import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { SoapFault } from '../../src/contract/faults.ts';
import { acceptsGzip, inflateBeginning, inflateBody, mostInflated } from '../../src/wire/content-coding.ts';

const text = Buffer.from('<a>é</a>'.repeat(1000));
const inflate = (bytes: Uint8Array, coding?: string, maxBytes = 1_000_000) =>
  inflateBody(bytes, coding, maxBytes);

async function faultOf(work: Promise<unknown>): Promise<SoapFault> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof SoapFault) return error;
  throw error ?? new Error('No fault was thrown');
}

describe('a body is inflated', () => {
  test.each<[string, Buffer, string | undefined]>([
    ['without a coding', text, undefined],
    ['with an empty coding', text, ''],
    ['as identity', text, 'identity'],
    ['from gzip', gzipSync(text), 'gzip'],
    ['from gzip in capitals', gzipSync(text), 'GZIP'],
    ['from x-gzip', gzipSync(text), 'x-gzip'],
    [
      'from gzip in two members',
      Buffer.concat([gzipSync(text.subarray(0, 9)), gzipSync(text.subarray(9))]),
      'gzip',
    ],
    ['from deflate', deflateSync(text), 'deflate'],
    ["from deflate without zlib's header", deflateRawSync(text), 'deflate'],
    ['from deflate, then gzip', gzipSync(deflateSync(text)), 'deflate, gzip'],
    ['from gzip and identity', gzipSync(text), 'identity, gzip'],
  ])('%s', async (_, bytes, coding) => {
    expect(Buffer.from(await inflate(bytes, coding)).equals(text)).toBe(true);
  });
});

describe('a body is refused', () => {
  test.each<[string, Buffer, string, string]>([
    ['that is not gzip', text, 'gzip', 'The body is not valid gzip, as its Content-Encoding says'],
    ['that is not deflate', text, 'deflate', 'The body is not valid deflate, as its Content-Encoding says'],
    [
      'that is cut off',
      gzipSync(text).subarray(0, 20),
      'gzip',
      'The body is not valid gzip, as its Content-Encoding says',
    ],
    [
      'that is empty but for its coding',
      Buffer.alloc(0),
      'gzip',
      'The body is not valid gzip, as its Content-Encoding says',
    ],
    [
      'in an unknown coding',
      text,
      'br',
      'The Content-Encoding "br" is not known; send gzip, deflate or none',
    ],
    ['in too many codings', text, 'gzip,gzip,gzip,gzip', 'The Content-Encoding lists more than 3 codings'],
  ])('%s', async (_, bytes, coding, message) => {
    expect(await faultOf(inflate(bytes, coding))).toMatchObject({ code: 20012, message });
  });

  test('with a wrong checksum', async () => {
    const bytes = gzipSync(text);
    bytes.writeUInt32LE(0, bytes.length - 8);
    expect((await faultOf(inflate(bytes, 'gzip'))).code).toBe(20012);
  });
});

describe('the cap on the inflated size', () => {
  const packed: [string, Buffer, string | undefined][] = [
    ['no coding', text, undefined],
    ['gzip', gzipSync(text), 'gzip'],
    ['deflate', deflateSync(text), 'deflate'],
    ['bare deflate', deflateRawSync(text), 'deflate'],
  ];

  test.each(packed)('lets through as much, with %s', async (_, bytes, coding) => {
    expect(await inflate(bytes, coding, text.length)).toHaveLength(text.length);
  });

  test.each(packed)('refuses one more, with %s', async (_, bytes, coding) => {
    expect(await faultOf(inflate(bytes, coding, text.length - 1))).toMatchObject({
      code: 20012,
      message: `The message is longer than ${text.length - 1} bytes`,
    });
  });

  test('holds for a gzip bomb, at once', async () => {
    const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024));
    const started = performance.now();
    expect((await faultOf(inflate(bomb, 'gzip', 1024 * 1024))).code).toBe(20012);
    expect(performance.now() - started).toBeLessThan(3_000);
  });

  test('holds for a bomb in a bomb', async () => {
    const bomb = gzipSync(gzipSync(Buffer.alloc(100 * 1024 * 1024)));
    expect((await faultOf(inflate(bomb, 'gzip, gzip', 1024 * 1024))).code).toBe(20012);
  });
});

describe('Accept-Encoding', () => {
  test.each([
    'gzip',
    'deflate, gzip',
    'GZip',
    'gzip;q=0.5',
    'x-gzip',
    'br;q=1, gzip ; q=0.001',
    'gzip, gzip;q=0',
  ])('"%s" lists gzip', (value) => {
    expect(acceptsGzip(value)).toBe(true);
  });

  test.each([
    undefined,
    '',
    'none',
    'identity',
    'deflate',
    '*',
    'gzip;q=0',
    'gzip; q=0.000',
    'gzipped',
    'x-gzip;q=0',
  ])('%j does not', (value) => {
    expect(acceptsGzip(value)).toBe(false);
  });
});

describe('the beginning of a body', () => {
  const most = 64 * 1024;
  const beginningOf = (bytes: Uint8Array, coding: string, isWhole = true) =>
    inflateBeginning({ bytes, isWhole }, coding, most);

  test.each<[string, Buffer, string]>([
    ['gzip', gzipSync(text), 'gzip'],
    ['deflate', deflateSync(text), 'deflate'],
    ["deflate without zlib's header", deflateRawSync(text), 'deflate'],
    ['three codings', gzipSync(gzipSync(gzipSync(text))), 'gzip, gzip, gzip'],
  ])('is all of a small one: %s', async (_, bytes, coding) => {
    const { bytes: inflated, isWhole } = await beginningOf(bytes, coding);
    expect([Buffer.from(inflated).equals(text), isWhole]).toEqual([true, true]);
  });

  test.each([0, 1])('is whole at the cap, and not above it: %i', async (above) => {
    const { bytes, isWhole } = await beginningOf(gzipSync(Buffer.alloc(most + above)), 'gzip');
    expect([bytes.length, isWhole]).toEqual([most, above === 0]);
  });

  test('is what a part of the bytes gives', async () => {
    const random = Buffer.from(Array.from({ length: 50_000 }, (_, index) => (index * index * 7) % 251));
    const { bytes, isWhole } = await beginningOf(gzipSync(random).subarray(0, 200), 'gzip', false);
    expect(isWhole).toBe(false);
    expect(Buffer.from(bytes).equals(random.subarray(0, bytes.length))).toBe(true);
  });

  test('is a fault where a whole body is cut off', async () => {
    expect((await faultOf(beginningOf(gzipSync(text).subarray(0, -9), 'gzip'))).code).toBe(20012);
  });

  test('takes no more than the cap in any step, whatever was packed', async () => {
    const emptyBlocks = Buffer.concat([
      Buffer.from('1f8b0800000000000003', 'hex'),
      Buffer.from('000000ffff'.repeat(3_000_000), 'hex'),
    ]);
    const { bytes, isWhole } = await beginningOf(gzipSync(emptyBlocks), 'gzip, gzip');
    expect([bytes.length, isWhole]).toEqual([0, false]);
  });
});

test('how long a body can be once it is unpacked grows with each coding', () => {
  expect(mostInflated(10, undefined)).toBe(10);
  expect(mostInflated(10, 'gzip')).toBe(10_320);
  expect(mostInflated(10, 'gzip, identity, deflate')).toBe(10 * 1032 ** 2);
});
