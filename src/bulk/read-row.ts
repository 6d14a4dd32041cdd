import { type CellOptions, readCells } from './cells.ts';
import type { InputRow } from './input.ts';
import type { Made, RecordKind, SyncMode } from './kinds/record-kind.ts';

/** A row that can be sent. */
export interface ReadyRow extends Made<unknown> {
  readonly row: number;
  readonly line: number;
  /** The key or id for people; empty if the row has none. */
  readonly key: string;
  /** Characters of its values. */
  readonly size: number;
}

export interface RowOptions extends CellOptions {
  readonly kind: RecordKind<unknown>;
  readonly mode: SyncMode;
}

/** A row that is not sent. */
export interface UnfitRow {
  readonly key: string;
  readonly problem: string;
}

/** Reads a row, and makes a record of it. */
export function readRow(input: InputRow, options: RowOptions): ReadyRow | UnfitRow {
  const { kind, mode } = options;
  const { cells, problems } = readCells(input, options);
  const key = kind.keyOf(cells);
  if (problems.length > 0) return { key, problem: problems.join('; ') };
  const made = kind.make(cells, mode);
  if ('problem' in made) return { key, problem: made.problem };
  return { ...made, row: input.row, line: input.line, key, size: cells.size };
}
