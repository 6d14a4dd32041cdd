import { BulkError } from './errors.ts';

/** A value of a row: null clears the field (JSON's null), undefined: the row has none. */
export type InputValue = string | null | undefined;

/** A row of the input, with the names and the values in the same order. */
export interface InputRow {
  /** 1 for the first row; malformed ones count. */
  readonly row: number;
  /** The line at which it begins; 1 for the first. */
  readonly line: number;
  /** CSV has the same array for all rows. */
  readonly names: readonly string[];
  readonly values: readonly InputValue[];
}

/** A row that cannot be read. */
export interface MalformedRow {
  readonly row: number;
  readonly line: number;
  /** The reason why it cannot be read. */
  readonly problem: string;
}

/** Rows that were read together. */
export type InputRows = AsyncIterable<readonly (InputRow | MalformedRow)[]>;

export const inputFormats = ['csv', 'tsv', 'ndjson', 'json'] as const;
export type InputFormat = (typeof inputFormats)[number];

/** The input cannot be read at all. */
export class InputError extends BulkError {
  override readonly name = 'InputError';

  constructor(message: string) {
    super([message]);
  }
}

const endings: Readonly<Record<string, InputFormat>> = {
  csv: 'csv',
  tsv: 'tsv',
  tab: 'tsv',
  ndjson: 'ndjson',
  jsonl: 'ndjson',
  json: 'json',
};

/** Returns the format that the ending of a file name says; undefined if it says none. */
export const formatOf = (file: string): InputFormat | undefined =>
  endings[/\.([^./\\]+)$/.exec(file)?.[1]?.toLowerCase() ?? ''];

/** Longest row, in bytes: an opening quote that is never closed must not take the memory. */
export const MAX_ROW_BYTES = 1024 * 1024;

/** Returns whether bytes of the input so far were not of its encoding, so that U+FFFD stands for them. */
export type IsGarbled = () => boolean;

/** Text with U+FFFD, which stands for bytes that are not of the encoding, or is in the file itself. */
export const hasReplacement = (text: string): boolean => text.includes('\uFFFD');

export const encodingProblem =
  'has bytes that are not of the encoding; save the file as UTF-8, or name its own with --encoding, such as windows-1252';
