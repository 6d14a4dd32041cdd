import { describe, expect, it } from 'vitest';
import { createDateReader } from '../../src/bulk/dates.ts';
import { convertValue, type DecimalMark } from '../../src/bulk/values.ts';
import type { DataType } from '../../src/contract/fields.ts';

interface Forms {
  readonly decimal?: DecimalMark;
  readonly dateFormat?: string;
}

function read(dataType: DataType, text: string, { decimal = '.', dateFormat }: Forms = {}): string {
  const field = { name: 'F', dataType, size: null };
  const converted = convertValue(field, text, { decimal, readDate: createDateReader(dateFormat) });
  return 'text' in converted ? converted.text : converted.problem;
}

describe('amounts', () => {
  it.each([
    ['1000', '1000'],
    ['$1,000.00', '1000.00'],
    ['USD 1,234,567.5', '1234567.5'],
    ['1 000,50'.replace(',', '.'), '1000.50'],
    ['($5.25)', '-5.25'],
    ['-$5', '-5'],
    ['€12', '12'],
    ['12 kr', '12'],
    ['1’000', '1000'],
    ['₹1,00,000', '100000'],
    ['1.0E7', '1.0E7'],
    ['.5', '.5'],
  ])('reads %s', (written, text) => {
    expect(read('currency', written)).toBe(text);
  });

  it.each([
    ['1.000,50', '1000.50'],
    ['1.000', '1000'],
    ['12,5 €', '12.5'],
    ['1000', '1000'],
  ])('reads %s with a decimal comma', (written, text) => {
    expect(read('currency', written, { decimal: ',' })).toBe(text);
  });

  it.each(['1,00', '1,0000', '12,34.5', 'abc', '1.2.3', '(5', '--5', '5 6 7', '$'])(
    'refuses %s',
    (written) => {
      expect(read('currency', written)).toMatch(/^F: ".*; expected a decimal number/);
    },
  );

  it('refuses a decimal point where commas are said', () => {
    expect(read('currency', '1.5', { decimal: ',' })).toContain(
      '--decimal , takes points for thousands only',
    );
  });

  it('advises a decimal comma', () => {
    expect(read('currency', '1000,50')).toContain('--decimal ,');
  });

  it('reads whole numbers with a percent sign', () => {
    expect(read('integer', '80 %')).toBe('80');
  });
});

describe('truth', () => {
  it.each([
    ['Yes', 'true'],
    ['n', 'false'],
    ['TRUE', 'TRUE'],
    ['0', '0'],
  ])('reads %s', (written, text) => {
    expect(read('boolean', written)).toBe(text);
  });

  it('refuses other words', () => {
    expect(read('boolean', 'maybe')).toContain('expected true, false, 1 or 0');
  });
});

describe('dates', () => {
  it.each([
    ['2026-03-31', '2026-03-31'],
    ['3/31/2026', '2026-03-31'],
    ['31.3.2026', '2026-03-31'],
    ['31-Mar-2026', '2026-03-31'],
    ['Mar 31, 2026', '2026-03-31'],
    ['3/31/2026 2:05 PM', '2026-03-31T14:05:00'],
    ['3/31/2026, 12:05:09 am', '2026-03-31T00:05:09'],
  ])('reads %s', (written, text) => {
    expect(read('datetime', written)).toBe(text);
  });

  it.each([
    ['31/3/2026', 'd/M/yyyy', '2026-03-31'],
    ['03-31-26', 'MM-dd-yy', '2026-03-31'],
    ['31/3/2026 14:05', 'd/M/yyyy', '2026-03-31T14:05:00'],
    ['20260331 1405', 'yyyyMMdd HHmm', '2026-03-31T14:05:00.000'],
    ['2026-31-03', 'yyyy-dd-MM', '2026-03-31'],
  ])('reads %s as %s', (written, dateFormat, text) => {
    expect(read('datetime', written, { dateFormat })).toBe(text);
  });

  it.each(['31/3/2026', '2/30/2026', '3/31/26', '3/31/2026 25:00', '3/31/2026 13:00 PM', 'soon'])(
    'refuses %s',
    (written) => {
      expect(read('datetime', written)).toContain('expected a date and time');
    },
  );

  it('remembers the first date that may have been meant otherwise', () => {
    const reader = createDateReader(undefined);
    for (const text of ['3/31/2026', '4/4/2026', '5/1/2026', '6/1/2026']) reader(text);
    expect(reader.ambiguous).toBe('5/1/2026');
  });
});
