import { setImmediate as nextTurn } from 'node:timers/promises';
import { type CsvError, type Options, parse } from 'csv-parse';
import { parse as parseAtOnce } from 'csv-parse/sync';
import { csvProblem } from '../csv-problems.ts';

/** A row of an import: its cells, without outer blanks, or why it cannot be read. */
export type CsvRow = readonly string[] | { readonly problem: string };

/** Characters of CSV with quotes that are parsed in one turn of the event loop: some 10 ms. */
const SLICE = 32_768;

/**
 * Reads the rows of an item: mostly one. Blanks around cells and around their quotes are dropped; a line without
 * anything is none, but an item without anything is a row (docs/behaviour-leads.md#csv). A row that cannot be read ends
 * the item, since nobody can say where the next one begins.
 */
export async function csvRows(item: string): Promise<readonly CsvRow[]> {
  const rows = item.includes('"') ? await quotedRows(item) : plainRows(item);
  return rows.length === 0 ? [['']] : rows;
}

const LINE_END = /\r\n|\r|\n/;

const options: Options = {
  relax_column_count: true,
  trim: true,
  skip_empty_lines: true,
  record_delimiter: ['\r\n', '\n', '\r'],
};

/** Reads rows without quotes, as most are: csv-parse takes several times as long. */
const plainRows = (item: string): CsvRow[] =>
  item.split(LINE_END).flatMap((line) => {
    if (line.trim() === '') return [];
    return [line.split(',').map((cell) => cell.trim())];
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
