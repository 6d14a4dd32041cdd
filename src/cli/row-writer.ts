import Table from 'cli-table3';
import { printable } from '../server/printable.ts';
import type { RowFormat } from './row-formats.ts';

/** A value of a printed row; undefined and null are shown as nothing in tables and CSV. */
export type Row = Readonly<Record<string, unknown>>;

/** Writes rows to standard output as they come; a table is drawn at the end. */
export interface RowWriter {
  write(row: Row): void;
  /** Writes what is left. */
  end(): void;
}

/** Creates a writer. `columns`: names in order; JSON has all that a row has. */
export function createRowWriter(
  format: RowFormat,
  columns: readonly string[],
  print: (text: string) => void = (text) => process.stdout.write(text),
): RowWriter {
  const cells = (row: Row) => columns.map((name) => textOf(row[name]));
  switch (format) {
    case 'ndjson':
      return { write: (row) => print(`${JSON.stringify(row)}\n`), end() {} };
    case 'json': {
      let isFirst = true;
      return {
        write(row) {
          print(`${isFirst ? '[' : ','}\n${JSON.stringify(row)}`);
          isFirst = false;
        },
        end: () => print(isFirst ? '[]\n' : '\n]\n'),
      };
    }
    case 'csv':
      print(`${columns.map(csvCell).join(',')}\n`);
      return { write: (row) => print(`${cells(row).map(csvCell).join(',')}\n`), end() {} };
    default: {
      const rows: string[][] = [];
      return {
        write: (row) => rows.push(cells(row).map(printable)),
        end() {
          if (rows.length === 0) return;
          // Columns that no row fills are left out.
          const filled = columns.map((_name, at) => rows.some((row) => row[at] !== ''));
          const kept = (row: readonly string[]) => row.filter((_cell, at) => filled[at]);
          const table = new Table({ head: kept(columns), style: { head: [], border: [] } });
          table.push(...rows.map(kept));
          print(`${table.toString()}\n`);
        },
      };
    }
  }
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

const csvCell = (text: string): string =>
  /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
