import { afterEach, expect, it } from 'vitest';
import { readTime } from '../../src/admin/times.ts';

const { TZ } = process.env;
afterEach(() => {
  if (TZ === undefined) delete process.env.TZ;
  else process.env.TZ = TZ;
});

it('a time without a zone is UTC, wherever the server runs', () => {
  process.env.TZ = 'Asia/Tokyo';
  expect(new Date(2026, 0, 1).getUTCDate()).toBe(31);
  expect(readTime('2026-11-27T08:00:00')?.toISOString()).toBe('2026-11-27T08:00:00.000Z');
});

it('a time with a zone is read in that zone', () => {
  expect(readTime('2026-11-27T08:00:00+02:00')?.toISOString()).toBe('2026-11-27T06:00:00.000Z');
});

it.each(['yesterday', '1', '27 Nov 2026', '+012026-01-01', '2026-13-01'])('%s is no time', (written) => {
  expect(readTime(written)).toBeUndefined();
});
