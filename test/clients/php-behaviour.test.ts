import { beforeAll, describe, expect, it } from 'vitest';
import { phpMissing, runScript } from './php.ts';
import { startSeededServer } from './seeded-server.ts';

const status = (id: number | null, text: string) => ({ id, status: text });
const rows = (...list: object[]) => ({
  mObjStatusList: { mObjStatus: list.length === 1 ? list[0] : list },
});
const fault = (code: number, faultstring: string, faultcode = 'SOAP-ENV:Client') => ({
  faultcode,
  faultstring,
  detail: { name: 'mktServiceException', message: expect.stringContaining(`(${code})`), code: String(code) },
});

describe.skipIf(phpMissing)("PHP's SoapClient", () => {
  let results: Record<string, unknown>;
  let names: unknown[];
  beforeAll(async () => {
    const server = await startSeededServer();
    results = (await runScript('behaviour.php', server)) as Record<string, unknown>;
    names = (await server.store.contents()).opportunities.map(({ values }) => values.get('Name'));
    await server.remove();
  });

  it.each<[string, unknown]>([
    ['functions', 23],
    ['unicode', rows(status(65, 'CREATED'))],
    ['sameObjectTwice', rows(status(66, 'CREATED'), status(67, 'CREATED'))],
    ['sharedList', rows(status(68, 'CREATED'), status(69, 'CREATED'))],
    ['nullAndNumbers', rows(status(70, 'CREATED'))],
    ['notFound', rows(status(null, 'SKIPPED'))],
    ['failed', rows({ ...status(null, 'FAILED'), error: expect.stringContaining('"Bogus"') })],
    ['deflate', rows(status(121, 'CREATED'))],
    ['badSignature', fault(20014, '20014 - Authentication failed')],
    ['tooMany', fault(20110, '20110 - Input error')],
    [
      'nothingToMerge',
      {
        mergeStatus: expect.objectContaining({ status: 'FAILED', error: expect.stringMatching(/^20101 - /) }),
      },
    ],
  ])('reads the answer to %s', (name, expected) => {
    expect(results[name]).toEqual(expected);
  });

  it('gets an answer compressed with gzip', () => {
    expect(results.gzip).toMatchObject({ mObjStatusList: { mObjStatus: { length: 50 } } });
  });

  it('is told that SOAP 1.2 is not spoken', () => {
    expect(results.soap12).toMatchObject({ faultcode: expect.stringContaining('VersionMismatch') });
  });

  it('writes any Unicode text', () => {
    expect(names).toContain('Zoë 漢字 😀 <&>');
  });
});
