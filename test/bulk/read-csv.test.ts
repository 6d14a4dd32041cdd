import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCsv } from '../../src/bulk/read-csv.ts';
import { all, bytePieces, inShort } from './rows.ts';

const read = (text: string, size?: number, delimiter?: string) =>
  inShort(readCsv(bytePieces(text, size), delimiter));

describe('CSV', () => {
  it('is read with quotes, line ends in values, and empty lines', async () => {
    const text = 'Name,Amount\r\n"Deal, ""A""",1\r\n\r\n"two\nlines",2\nlast,3';
    expect(await read(text)).toEqual([
      [2, 'Deal, "A"', '1'],
      [4, 'two\nlines', '2'],
      [6, 'last', '3'],
    ]);
  });

  it('is read the same in pieces of any size', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.tuple(
            fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\uFFFD')),
            fc.stringMatching(/^[\na",;x ]*$/),
          ),
          {
            maxLength: 20,
          },
        ),
        fc.integer({ min: 1, max: 50 }),
        async (records, size) => {
          const quote = (value: string) => `"${value.replaceAll('"', '""')}"`;
          const lines = records.map((record) => `${record.map(quote).join(',')}\n`);
          const rows = await all(readCsv(bytePieces(`A,B\n${lines.join('')}`, size), undefined));
          expect(rows.map((row) => ('values' in row ? row.values : row))).toEqual(records);
        },
      ),
      { numRuns: 200 },
    );
  });

  it.each([
    ['an open quote', '"A,1', 'a quote is opened and not closed'],
    ['text behind a quote', '"A"x,1', 'text follows a closing quote'],
    ['a quote in a value', 'A"x,1', 'a quote stands inside of a value'],
    ['too few values', 'A', 'has 1 values; the line of headers has 2'],
    ['too many values', 'A,1,2', 'has 3 values; the line of headers has 2'],
  ])('loses one line only to %s', async (_what, line, problem) => {
    for (const size of [1, 7, 1000]) {
      const rows = await read(`Name,Amount\nfirst,1\n${line}\nlast,3\n`, size);
      expect(rows).toEqual([
        [2, 'first', '1'],
        [3, expect.stringContaining(problem)],
        [4, 'last', '3'],
      ]);
    }
  });

  it('takes the delimiter that the headers have', async () => {
    expect(await read('Name;"Amount, net"\nA;1,5\n')).toEqual([[2, 'A', '1,5']]);
    expect(await read('Name\tAmount\nA,B\t1\n')).toEqual([[2, 'A,B', '1']]);
    expect(await read('Na;me,Amount\nA;B,1\n', 7, ',')).toEqual([[2, 'A;B', '1']]);
  });

  it('passes over the empty columns that spreadsheets leave at the end', async () => {
    expect(await read('Name,Amount,,\nA,1,,\nB,2,x,\n')).toEqual([
      [2, 'A', '1', '', ''],
      [3, 'has 4 values; the line of headers has 2'],
    ]);
  });

  it('refuses bytes that are not of the encoding', async () => {
    async function* bytes() {
      yield Buffer.from('Name\nM\xfcller\nnext\n', 'latin1');
    }
    expect(await inShort(readCsv(bytes(), ','))).toEqual([
      [2, expect.stringContaining('--encoding')],
      [3, 'next'],
    ]);
  });

  it('says so when there is no header', async () => {
    await expect(read('')).rejects.toThrow('expected a line of headers');
  });
});
