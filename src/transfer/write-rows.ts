import { BulkError } from '../bulk/errors.ts';
import type { InputFormat } from '../bulk/input.ts';
import { type ExportedRows, isHeader } from './export-rows.ts';
import { guarded } from './formulas.ts';

/** Writes rows as text in a format, piece by piece. `isGuarded`: formulas are made texts, in CSV and TSV. */
export async function* writeRows(
  { headers, rows }: ExportedRows,
  format: InputFormat,
  isGuarded: boolean,
): AsyncGenerator<string> {
  if (format === 'ndjson') {
    for await (const row of rows) yield `${JSON.stringify(Object.fromEntries(row))}\n`;
    return;
  }
  if (format === 'json') {
    let before = '[\n';
    for await (const row of rows) {
      yield before + JSON.stringify(Object.fromEntries(row));
      before = ',\n';
    }
    yield before === '[\n' ? '[]\n' : '\n]\n';
    return;
  }
  const wrong = headers.find((header) => !isHeader(header));
  if (wrong !== undefined)
    throw new BulkError([`${JSON.stringify(wrong)} cannot be a header of ${format}; use --format ndjson`]);
  const delimiter = format === 'tsv' ? '\t' : ',';
  // A field is named by whom it comes from, too.
  const shown = headers.map((header) => quotedCell(isGuarded ? guarded(header) : header));
  yield `${shown.join(delimiter)}\r\n`;
  for await (const row of rows) {
    const cells = headers.map((header) => {
      const text = row.get(header);
      if (text === undefined) return '';
      return quotedCell(isGuarded ? guarded(text) : text);
    });
    yield `${cells.join(delimiter)}\r\n`;
  }
}

/** Quotes as RFC 4180 says, also other delimiters, so that a reader does not take one of them for the file's. */
const quotedCell = (text: string): string =>
  /[",;|\t\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
