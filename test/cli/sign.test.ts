import { expect, it } from 'vitest';
import { sign } from '../../src/wire/signature.ts';
import { mktows, start } from './mktows.ts';

const env = { MKTOWS_USER: 'user_1', MKTOWS_SECRET: 'a secret' };

it('mktows sign prints a header, which mktows explain-signature accepts', async () => {
  const { out } = await mktows(['sign', '--xml'], { env });
  expect(out).toMatch(/^<ns1:AuthenticationHeader><ns1:mktowsUserId>user_1</);
  const explained = await start(['explain-signature', '-'], { env, input: out }).ended;
  expect([explained.status, explained.out]).toEqual([0, expect.stringContaining('signature\tright\n')]);
});

it('mktows sign prints the parts of a header for a given time', async () => {
  const time = '2026-01-01T00:00:00Z';
  const { out } = await mktows(['sign', '--timestamp', time], { env });
  expect(out).toBe(
    `mktowsUserId\tuser_1\nrequestSignature\t${sign('a secret', 'user_1', time)}\nrequestTimestamp\t${time}\n`,
  );
});

it('mktows explain-signature ends with 1 and the reason', async () => {
  const words = ['--timestamp', '2026-01-01T00:00:00Z', '--at', '2026-01-01T00:00:00Z', '--signature', 'abc'];
  const { status, out } = await mktows(['explain-signature', ...words], { env });
  expect([status, out]).toEqual([1, expect.stringContaining('refused\tit has 3 digits')]);
});
