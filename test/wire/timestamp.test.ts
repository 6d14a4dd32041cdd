import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readTimestamp } from '../../src/wire/timestamp.ts';

describe('a timestamp is read', () => {
  test.each([
    ['2026-11-23T10:40:06-08:00', '2026-11-23T18:40:06.000Z'],
    ['2026-11-23T18:40:06+00:00', '2026-11-23T18:40:06.000Z'],
    ['2026-11-23T18:40:06Z', '2026-11-23T18:40:06.000Z'],
    ['2026-11-23t18:40:06z', '2026-11-23T18:40:06.000Z'],
    ['2026-11-23T10:40:06-0800', '2026-11-23T18:40:06.000Z'],
    ['2026-11-23 18:40:06 +0000', '2026-11-23T18:40:06.000Z'],
    ['2026-11-24 00:10:06 +05:30', '2026-11-23T18:40:06.000Z'],
    [' 2026-11-23T18:40:06Z\n', '2026-11-23T18:40:06.000Z'],
    ['2026-11-23T18:40:06.5Z', '2026-11-23T18:40:06.500Z'],
    ['2026-11-23T10:40:06.1234567-08:00', '2026-11-23T18:40:06.123Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['0099-12-31T00:00:00Z', '0099-12-31T00:00:00.000Z'],
    ['2026-11-23T18:40:06+14:00', '2026-11-23T04:40:06.000Z'],
  ])('%s', (text, time) => {
    expect(new Date(readTimestamp(text) ?? Number.NaN).toISOString()).toBe(time);
  });

  test('as the time that was written, whichever it is', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('0001-01-02'), max: new Date('9998-12-31'), noInvalidDate: true }),
        fc.integer({ min: -14 * 60, max: 14 * 60 }),
        (date, offset) => {
          const local = new Date(date.getTime() + offset * 60_000).toISOString().slice(0, -1);
          const two = (value: number) => String(Math.trunc(Math.abs(value))).padStart(2, '0');
          const zone = `${offset < 0 ? '-' : '+'}${two(offset / 60)}:${two(offset % 60)}`;
          expect(readTimestamp(local + zone)).toBe(date.getTime());
        },
      ),
    );
  });
});

describe('a timestamp is refused', () => {
  test.each([
    ['without an offset', '2026-11-23T18:40:06'],
    ['without a time', '2026-11-23'],
    ['without seconds', '2026-11-23T18:40Z'],
    ['of no calendar', '2026-02-30T00:00:00Z'],
    ['of no leap year', '2025-02-29T00:00:00Z'],
    ['of month 13', '2026-13-01T00:00:00Z'],
    ['of month 0', '2026-00-01T00:00:00Z'],
    ['of day 0', '2026-01-00T00:00:00Z'],
    ['of hour 24', '2026-11-23T24:00:00Z'],
    ['of minute 60', '2026-11-23T00:60:00Z'],
    ['of second 60', '2026-11-23T00:00:60Z'],
    ['of an offset of 15 hours', '2026-11-23T00:00:00+15:00'],
    ['of an offset with 60 minutes', '2026-11-23T00:00:00+01:60'],
    ['with a two-digit year', '26-11-23T00:00:00Z'],
    ['with something behind it', '2026-11-23T18:40:06Z x'],
    ['in other digits', '٢٠٢٦-11-23T18:40:06Z'],
    ['that is empty', ''],
    ['in words', 'now'],
  ])('%s', (_, text) => {
    expect(readTimestamp(text)).toBeUndefined();
  });
});
