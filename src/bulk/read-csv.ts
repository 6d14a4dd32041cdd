import { type CsvError, parse } from 'csv-parse/sync';
import { csvProblem } from '../rules/csv-problems.ts';
import {
  encodingProblem,
  hasReplacement,
  InputError,
  type InputRow,
  type InputRows,
  type IsGarbled,
  MAX_ROW_BYTES,
  type MalformedRow,
} from './input.ts';

/** A record of the file, and where it ends in the bytes that were parsed. */
interface Parsed {
  readonly values: readonly string[];
  readonly end: number;
  readonly linesBefore: number;
}

/**
 * Reads CSV with a line of headers. `chunks`: UTF-8. Without a delimiter, the one of comma, semicolon, tab and bar that
 * the first line has most of is taken. A record that is malformed costs its first line only: reading goes on with the
 * line after it. Throws `InputError` if there is no header.
 */
export async function* readCsv(
  chunks: AsyncIterable<Uint8Array>,
  givenDelimiter: string | undefined,
  isGarbled: IsGarbled = () => true,
): InputRows {
  let delimiter = givenDelimiter;
  let names: readonly string[] | undefined;
  let rest: Buffer = Buffer.alloc(0);
  let line = 1;
  let row = 0;

  function* rowsIn(block: Buffer, isEnd: boolean): Generator<InputRow | MalformedRow> {
    let at = 0;
    while (at < block.length) {
      delimiter ??= likelyDelimiter(block);
      const { records, error } = parseBlock(block.subarray(at), delimiter);
      let end = 0;
      for (const { values, end: recordEnd, linesBefore } of records) {
        end = recordEnd;
        if (values.length === 1 && values[0]?.trim() === '') continue;
        if (names === undefined) names = headersOf(values);
        else {
          row += 1;
          yield readRecord(row, line + linesBefore, names, values, isGarbled);
        }
      }
      line += countLines(block, at, at + end);
      at += end;
      if (error === undefined) continue;
      const isOpen = error.code === 'CSV_QUOTE_NOT_CLOSED';
      if (isOpen && !isEnd && block.length - at <= MAX_ROW_BYTES) break;
      if (names === undefined) throw new InputError(`the line of headers: ${csvProblem(error)}`);
      row += 1;
      yield { row, line, problem: csvProblem(error) };
      const next = endOfLine(block, at);
      line += countLines(block, at, next);
      at = next;
    }
    rest = block.subarray(at);
  }

  for await (const chunk of chunks) {
    const block = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk]);
    const end = block.lastIndexOf('\n') + 1;
    if (end === 0 && block.length <= MAX_ROW_BYTES) {
      rest = block;
      continue;
    }
    const rows = [...rowsIn(block.subarray(0, end), false)];
    rest = Buffer.concat([rest, block.subarray(end)]);
    yield rows;
    if (rest.length > 2 * MAX_ROW_BYTES) {
      throw new InputError(`line ${line} is longer than ${MAX_ROW_BYTES} bytes; is this CSV?`);
    }
  }
  yield [...rowsIn(rest, true)];
  if (names === undefined) throw new InputError('the input is empty; expected a line of headers');
}

/** Without the empty ones at the end, which spreadsheets add. */
function headersOf(values: readonly string[]): readonly string[] {
  const names = values.map((name) => name.trim());
  return names.slice(0, names.findLastIndex((name) => name !== '') + 1);
}

function parseBlock(block: Buffer, delimiter: string): { records: Parsed[]; error: CsvError | undefined } {
  const records: Parsed[] = [];
  let linesBefore = 0;
  try {
    parse(block, {
      delimiter,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      on_record(values: string[], { bytes, lines }) {
        records.push({ values, end: bytes, linesBefore });
        linesBefore = lines;
        return null;
      },
    });
  } catch (error) {
    return { records, error: error as CsvError };
  }
  return { records, error: undefined };
}

function readRecord(
  row: number,
  line: number,
  names: readonly string[],
  values: readonly string[],
  isGarbled: IsGarbled,
): InputRow | MalformedRow {
  const isSurplus = values.slice(names.length).some((value) => value.trim() !== '');
  if (values.length < names.length || isSurplus) {
    return { row, line, problem: `has ${values.length} values; the line of headers has ${names.length}` };
  }
  if (values.some(hasReplacement) && isGarbled()) return { row, line, problem: encodingProblem };
  return { row, line, names, values };
}

const delimiters = [',', ';', '\t', '|'] as const;

function likelyDelimiter(block: Buffer): string {
  const header = block
    .toString('utf8', 0, endOfLine(block, 0))
    .replace(/"[^"]*"/g, '')
    .split('');
  const count = (delimiter: string) => header.filter((character) => character === delimiter).length;
  return delimiters.reduce((best, each) => (count(each) > count(best) ? each : best));
}

/** The place behind the line that begins at `from`. */
function endOfLine(block: Buffer, from: number): number {
  const found = block.indexOf('\n', from);
  return found === -1 ? block.length : found + 1;
}

function countLines(block: Buffer, from: number, to: number): number {
  let count = 0;
  for (let at = block.indexOf('\n', from); at !== -1 && at < to; at = block.indexOf('\n', at + 1)) count += 1;
  return count;
}
