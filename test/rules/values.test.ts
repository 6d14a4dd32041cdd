import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DataType, FieldDefinition } from '../../src/contract/fields.ts';
import { formatDatetime, formatValue, readMonth, readValue } from '../../src/rules/values.ts';

function field(dataType: DataType, size: number | null = null): FieldDefinition {
  return { name: 'F', displayName: null, description: null, dataType, size, custom: true, references: null };
}

const read = (dataType: DataType, text: string, timeZone = 'UTC') =>
  readValue(field(dataType), text, timeZone);

const zones = [
  'UTC',
  'America/Chicago',
  'America/Los_Angeles',
  'Asia/Kolkata',
  'Europe/Berlin',
  'Pacific/Kiritimati',
];

describe('readValue accepts', () => {
  it.each<[DataType, string, string | number | boolean]>([
    ['string', ' as sent ', ' as sent '],
    ['text', 'Zoë 漢字 😀', 'Zoë 漢字 😀'],
    ['integer', '80', 80],
    ['integer', '80%', 80],
    ['integer', '80.0%', 80],
    ['integer', '-5', -5],
    ['integer', '-0', 0],
    ['integer', '007', 7],
    ['integer', '12.000', 12],
    ['integer', ' 12\n', 12],
    ['integer', '9007199254740991', 9007199254740991],
    ['currency', '501.00', 501],
    ['currency', '501', 501],
    ['currency', '1.0E7', 10000000],
    ['currency', '-2.5e-3', -0.0025],
    ['currency', '.5', 0.5],
    ['currency', '5.', 5],
    ['currency', '+5', 5],
    ['currency', '-0.00', 0],
    ['currency', '1e-999999999', 0],
    ['float', '0.00005', 0.0001],
    ['float', '0.00004999', 0],
    ['float', '-0.00005', -0.0001],
    ['float', '123456789012', 123456789012],
    ['float', '1e21', 1e21],
    ['float', '100000000000.0001', 100000000000.0001],
    ['boolean', '1', true],
    ['boolean', 'TRUE', true],
    ['boolean', 'True', true],
    ['boolean', '0', false],
    ['boolean', 'false', false],
    ['date', '2013-06-09', '2013-06-09'],
    ['date', '2013-06-09T23:59:59-08:00', '2013-06-09'],
    ['date', '2013-06-09 00:00:00', '2013-06-09'],
    ['date', '2013-06-09Z', '2013-06-09'],
    ['date', '2012-02-29', '2012-02-29'],
    ['date', '2000-02-29', '2000-02-29'],
    ['datetime', '2013-06-09T14:04:54-08:00', '2013-06-09T22:04:54.000Z'],
    ['datetime', '2013-06-09T14:04:54+0530', '2013-06-09T08:34:54.000Z'],
    ['datetime', '2013-06-09T14:04:54.1239Z', '2013-06-09T14:04:54.123Z'],
    ['datetime', '2013-06-09 14:04:54', '2013-06-09T14:04:54.000Z'],
    ['datetime', '2026-11-23 18:40:06 +0000', '2026-11-23T18:40:06.000Z'],
    ['datetime', '2013-06-09T14:04', '2013-06-09T14:04:00.000Z'],
    ['datetime', '2013-06-09', '2013-06-09T00:00:00.000Z'],
    ['datetime', '0099-01-01T00:00:00Z', '0099-01-01T00:00:00.000Z'],
    ['datetime', '2013-06-09T24:00:00Z', '2013-06-10T00:00:00.000Z'],
    ['datetime', '2012-12-31 24:00:00.000', '2013-01-01T00:00:00.000Z'],
    ['datetime', '0001-01-01T00:00:00', '0001-01-01T00:00:00.000Z'],
    ['datetime', '0001-01-01T00:00:00+14:00', '0000-12-31T10:00:00.000Z'],
    ['datetime', '9999-12-31T23:59:59.9999999', '9999-12-31T23:59:59.999Z'],
    ['datetime', '9999-12-31T23:59:59-08:00', '9999-12-31T31:59:59.000Z'],
    ['datetime', '9999-12-31T24:00:00Z', '9999-12-31T24:00:00.000Z'],
    ['date', '2013-06-09T24:00:00', '2013-06-09'],
    ['reference', '64', 64],
  ])('%s %j', (dataType, text, value) => {
    expect(read(dataType, text)).toEqual({ value });
  });

  it('a datetime without an offset as one of the instance zone', () => {
    expect(read('datetime', '2013-06-09 14:04:54', 'America/Chicago')).toEqual({
      value: '2013-06-09T19:04:54.000Z',
    });
  });

  it('text as long as the size, counted in characters', () => {
    expect(readValue(field('string', 3), '😀😀😀', 'UTC')).toEqual({ value: '😀😀😀' });
  });
});

describe('readValue refuses, saying what it expected', () => {
  it.each<[DataType, string, string]>([
    ['integer', '', 'whole number'],
    ['integer', '1.5', 'whole number'],
    ['integer', '+5', 'whole number'],
    ['integer', '1e3', 'whole number'],
    ['integer', '0x10', 'whole number'],
    ['integer', '9007199254740992', '9007199254740991'],
    ['currency', 'NaN', 'decimal'],
    ['currency', 'Infinity', 'decimal'],
    ['currency', '1,000.00', 'decimal'],
    ['currency', '$5', 'decimal'],
    ['currency', '.', 'decimal'],
    ['currency', 'e5', 'decimal'],
    ['currency', '', 'decimal'],
    ['float', '1e400', 'within ±1.8e308'],
    ['float', '1e999999999', 'within ±1.8e308'],
    ['float', '123456789012345.6789', '15 digits'],
    ['boolean', 'yes', 'true, false'],
    ['boolean', '2', 'true, false'],
    ['date', '2013-02-30', 'YYYY-MM-DD'],
    ['date', '2013-02-29', 'YYYY-MM-DD'],
    ['date', '1900-02-29', 'YYYY-MM-DD'],
    ['date', '2013-13-01', 'YYYY-MM-DD'],
    ['date', '0000-01-01', 'YYYY-MM-DD'],
    ['date', '06/09/2013', 'YYYY-MM-DD'],
    ['date', '2013-06', 'YYYY-MM-DD'],
    ['datetime', '2013-02-30T00:00:00Z', 'date and time'],
    ['date', '2013-06-09T99:99:99', 'YYYY-MM-DD'],
    ['date', '2013-06-09T10:61:00', 'YYYY-MM-DD'],
    ['date', '2013-06-09T10:00:60', 'YYYY-MM-DD'],
    ['date', '2013-06-09T24:00:01', 'YYYY-MM-DD'],
    ['date', '2013-06-09T10:00:00+99:99', 'YYYY-MM-DD'],
    ['date', '2013-06-09+14:01', 'YYYY-MM-DD'],
    ['datetime', '2013-06-09T24:00:01Z', 'date and time'],
    ['datetime', '2013-06-09T24:00:00.001Z', 'date and time'],
    ['datetime', '2013-06-09T25:00:00Z', 'date and time'],
    ['datetime', '2013-06-09T23:60:00Z', 'date and time'],
    ['datetime', '2013-06-09T23:00:00+15:00', 'date and time'],
    ['datetime', '2013-06-09T23:00:00+05:60', 'date and time'],
    ['datetime', '0000-12-31T23:00:00Z', 'date and time'],
    ['datetime', '9999-12-31T24:00:00-14:00', 'date and time'],
    ['datetime', '10000-01-01T00:00:00Z', 'date and time'],
    ['datetime', 'yesterday', 'date and time'],
    ['reference', '0', '1 to 2147483647'],
    ['reference', '2147483648', '1 to 2147483647'],
    ['reference', 'ACME', 'id of an object'],
  ])('%s %j', (dataType, text, mentioned) => {
    expect(read(dataType, text)).toEqual({ problem: expect.stringContaining(mentioned) });
  });

  it('text over the size, with both lengths', () => {
    expect(readValue(field('string', 3), 'abcd', 'UTC')).toEqual({
      problem: 'expected at most 3 characters, not 4',
    });
  });
});

describe('a value that was read', () => {
  it('is the number that JavaScript reads, where it has few digits', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^-?\d{1,11}(\.\d{1,4})?$/), (text) => {
        const value = Number(text) === 0 ? 0 : Number(text);
        expect(read('currency', text)).toEqual({ value });
        if (Number.isInteger(value)) expect(read('integer', text)).toEqual({ value });
      }),
    );
  });

  it('is the same decimal whatever its spelling', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 53n), max: 2n ** 53n }), fc.nat({ max: 12 }), (scaled, shift) => {
        const digits = (scaled < 0n ? -scaled : scaled).toString().padStart(5, '0');
        const sign = scaled < 0n ? '-' : '';
        const plain = `${sign}${digits.slice(0, -4)}.${digits.slice(-4)}`;
        const exponent = `${sign}${digits}${'0'.repeat(shift)}e-${4 + shift}`;
        expect(read('float', exponent)).toEqual(read('float', plain));
      }),
    );
  });

  it('is read back the same from the text it is reported as', () => {
    const texts = fc.oneof(
      fc
        .double({ noNaN: true, noDefaultInfinity: true })
        .map((value): [DataType, string] => ['currency', String(value)]),
      fc.maxSafeInteger().map((value): [DataType, string] => ['integer', String(value)]),
      fc
        .date({
          min: new Date('0001-01-01T00:00:00Z'),
          max: new Date('9999-12-31T23:59:59.999Z'),
          noInvalidDate: true,
        })
        .map((value): [DataType, string] => ['datetime', value.toISOString()]),
      fc
        .tuple(
          fc.constantFrom('0001-01-01T00:', '0001-01-01T13:', '9999-12-31T10:', '9999-12-31T23:'),
          fc.constantFrom('00:00', '59:59', '59:59.999'),
          fc.constantFrom('', 'Z', '+14:00', '-14:00', '+05:30', '-08:00'),
        )
        .map((parts): [DataType, string] => ['datetime', parts.join('')]),
    );
    fc.assert(
      fc.property(
        texts,
        fc.constantFrom(...zones),
        fc.constantFrom(...zones),
        ([dataType, text], zone, another) => {
          const first = read(dataType, text, zone);
          if ('problem' in first) return;
          for (const shown of [zone, another]) {
            const reported = formatValue(dataType, first.value, shown);
            expect(read(dataType, reported, 'UTC')).toEqual(first);
          }
        },
      ),
    );
  });

  it('never throws, whatever the text', () => {
    const types: DataType[] = ['integer', 'currency', 'boolean', 'date', 'datetime', 'reference', 'string'];
    fc.assert(
      fc.property(
        fc.constantFrom(...types),
        fc.oneof(fc.string(), fc.stringMatching(/^[0-9eE.+\-T:Z% ]{0,30}$/)),
        (dataType, text) => {
          const result = read(dataType, text);
          expect('value' in result || result.problem.startsWith('expected ')).toBe(true);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe.each(zones)('in the zone %s', (zone) => {
  it.each(['0001-01-01T00:00:00', '9999-12-31T23:59:59'])('%s is reported as it was sent', (text) => {
    const sent = read('datetime', text, zone);
    expect('value' in sent && formatDatetime(String(sent.value), zone).slice(0, 19)).toBe(text);
  });

  it('times are ordered as they come after one another', () => {
    const texts = [
      '0001-01-01T00:00:00',
      '0001-01-03T00:00:00',
      '9999-12-30T00:00:00',
      '9999-12-31T23:59:59',
    ];
    const values = texts.map((text) => read('datetime', text, zone));
    const kept = values.map((each) => ('value' in each ? String(each.value) : ''));
    expect(kept).toEqual([...kept].sort());
    expect(new Set(kept.map((each) => each.length))).toEqual(new Set([24]));
  });
});

describe('formatDatetime', () => {
  it('writes the offset that the zone has at that time', () => {
    expect(formatDatetime('2013-04-15T20:15:46.000Z', 'America/Chicago')).toBe('2013-04-15T15:15:46-05:00');
    expect(formatDatetime('2014-01-31T19:33:20.000Z', 'America/Chicago')).toBe('2014-01-31T13:33:20-06:00');
    expect(formatDatetime('2014-01-31T19:33:20.000Z', 'UTC')).toBe('2014-01-31T19:33:20+00:00');
  });
});

describe('formatValue', () => {
  it.each([
    ['2013-06-09T22:04:54.120Z', 'America/Chicago', '2013-06-09T17:04:54.120-05:00'],
    ['2013-06-09T22:04:54.000Z', 'America/Chicago', '2013-06-09T17:04:54-05:00'],
    ['0001-01-01T00:00:00.000Z', 'America/Chicago', '0001-01-01T00:00:00+00:00'],
    ['9999-12-31T23:59:59.999Z', 'Asia/Kolkata', '9999-12-31T23:59:59.999+00:00'],
    ['9999-12-31T31:59:59.000Z', 'America/Los_Angeles', '9999-12-31T23:59:59-08:00'],
    ['9999-12-31T31:59:59.000Z', 'UTC', '9999-12-31T23:59:59-08:00'],
    ['0000-12-31T10:30:00.000Z', 'America/Chicago', '0001-01-01T00:30:00+14:00'],
  ])('writes %s in %s as %s', (value, zone, text) => {
    expect(formatValue('datetime', value, zone)).toBe(text);
  });
});

describe('readMonth', () => {
  it.each([
    ['2013-06', '2013-06-01'],
    ['2013-06-17', '2013-06-01'],
    [' 2013-06 ', '2013-06-01'],
  ])('reads %j as %s', (text, month) => {
    expect(readMonth(text)).toEqual({ month });
  });

  it.each(['2013-13', '2013-06-31', '2013', 'June', '2013-06-01T00:00:00', ''])('refuses %j', (text) => {
    expect(readMonth(text)).toEqual({ problem: 'expected a month, YYYY-MM or YYYY-MM-DD' });
  });
});
