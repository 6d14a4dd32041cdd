import { setImmediate as nextTurn } from 'node:timers/promises';
import { type CsvError, type Options, parse } from 'csv-parse';
import { parse as parseAtOnce } from 'csv-parse/sync';
import { csvProblem } from '../csv-problems.ts';

/** A row of an import: its cells, without outer blanks, or why it cannot be read. */
export type CsvRow = readonly string[] | { readonly problem: string };

/** Characters of CSV that are parsed in one turn of the event loop: with quotes some 10 ms. */
const SLICE = 32_768;

/**
 * Reads the rows of items, mostly one in each. Blanks around cells and around their quotes are dropped; a line without
 * anything is none, but an item without anything is a row (docs/behaviour-leads.md#csv). A row that cannot be read ends
 * its item, since nobody can say where the next one begins. Other work runs in between, however long items are and
 * however many. `most`: a row of more cells is one that cannot be read.
 */
export async function* csvRows(items: Iterable<string>, most: number): AsyncGenerator<CsvRow> {
  let left = SLICE;
  for (const item of items) {
    let isEmpty = true;
    const rows = item.includes('"') ? await quotedRows(item) : plainRows(item);
    for (const row of rows) {
      if (row !== undefined) {
        isEmpty = false;
        yield typeof row === 'string' ? cellsOf(row, most) : limited(row, most);
      }
      left -= typeof row === 'string' ? row.length + 1 : 1;
      if (left < 0) {
        left = SLICE;
        await nextTurn();
      }
    }
    if (isEmpty) yield [''];
    left -= item.length;
  }
}

const options: Options = {
  relax_column_count: true,
  trim: true,
  skip_empty_lines: true,
  record_delimiter: ['\r\n', '\n', '\r'],
};

const LINE = /[^\r\n]+/g;

/** Returns the lines of an item without quotes, as most are: csv-parse takes several times as long. Not blank ones. */
function* plainRows(item: string): Generator<string | undefined> {
  for (const [line] of item.matchAll(LINE)) yield line.trim() === '' ? undefined : line;
}

const cellsOf = (line: string, most: number): CsvRow => {
  const cells = line.split(',', most + 1);
  return cells.length > most ? tooMany(line.split(',').length, most) : cells.map((cell) => cell.trim());
};

const limited = (row: CsvRow, most: number): CsvRow =>
  'problem' in row || row.length <= most ? row : tooMany(row.length, most);

const tooMany = (cells: number, most: number): CsvRow => ({
  problem: `has ${cells} cells; the header has ${most}`,
});

async function quotedRows(item: string): Promise<CsvRow[]> {
  const rows: CsvRow[] = [];
  const on_record = (cells: string[]) => {
    rows.push(cells);
    return null;
  };
  try {
    if (item.length <= SLICE) parseAtOnce(item, { ...options, on_record });
    else await parseInSlices(item, { ...options, on_record });
  } catch (error) {
    rows.push({ problem: csvProblem(error as CsvError) });
  }
  return rows;
}

async function parseInSlices(item: string, given: Options): Promise<void> {
  const parser = parse(given);
  const ended = new Promise<void>((resolve, reject) => {
    parser.once('end', resolve);
    parser.once('error', reject);
  });
  // The error is awaited below; it must not count as unhandled meanwhile.
  ended.catch(() => {});
  parser.resume();
  for (let at = 0; at < item.length && parser.writable; at += SLICE) {
    parser.write(item.slice(at, at + SLICE));
    await nextTurn();
  }
  if (parser.writable) parser.end();
  await ended;
}
