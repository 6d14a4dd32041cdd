import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { BulkError } from './errors.ts';
import { createLineReader, linesOf } from './file-lines.ts';
import type { ReadyRow } from './read-row.ts';
import type { RowOutcome } from './send.ts';

/**
 * The outcome of each row, as CSV; while a run is under way also the journal from which it can be resumed. Before a row
 * is sent that cannot be repeated, a line with the status SENT says so. The lines BEGUN and SENT are removed, and the
 * others sorted, when every row has its outcome.
 */
export interface ResultsFile {
  /** True if an earlier run has ended with an outcome for every row. */
  readonly isComplete: boolean;
  /** Outcomes of earlier runs, by status. */
  readonly counts: ReadonlyMap<string, number>;
  /** The state of a row: it has an outcome, or was sent and not answered, or neither. */
  stateOf(row: number): 'done' | 'sent' | undefined;
  mark(rows: readonly ReadyRow[]): void;
  write(outcomes: readonly RowOutcome[]): void;
  /** Sorts the outcomes of rows 1 to `rows`, and removes the other lines. */
  complete(rows: number): void;
  close(): void;
}

/** The results file does not fit. */
export class ResultsError extends BulkError {
  override readonly name = 'ResultsError';

  constructor(message: string) {
    super([message]);
  }
}

export interface ResultsOptions {
  /** Goes on with the file if it is there; otherwise it must not be there. */
  readonly resume: boolean;
  /** Tells one input, read with one set of options, from others. */
  readonly fingerprint: string;
  /** If true, rows of unknown outcome count as not sent. */
  readonly resendUnknown: boolean;
}

const HEADER = 'row,line,status,id,key,error\n';
const BEGUN = 'BEGUN';
const SENT = 'SENT';
export const UNKNOWN = 'UNKNOWN';

/** Opens a results file. Throws `ResultsError` if it does not fit the run. */
export function openResults(
  path: string,
  { resume, fingerprint, resendUnknown }: ResultsOptions,
): ResultsFile {
  const fd = open(path, resume);
  const states = createStates();
  const counts = new Map<string, number>();
  let [end, isBegun] = [0, false];

  for (const { start, bytes } of linesOf(fd)) {
    const text = bytes.toString();
    if (!text.endsWith('\n')) break;
    end = start + bytes.length;
    if (start === 0) {
      if (text === HEADER) continue;
      throw new ResultsError(`${path} is no results file: its first line is not ${HEADER.trim()}`);
    }
    const [row = 0, status = '', rest = ''] = parseLine(text);
    if (status === BEGUN) {
      isBegun = true;
      if (rest.endsWith(fingerprint)) continue;
      throw new ResultsError(
        `${path} is of another run: its input or its options (--type, --operation, --map, …) are others; name another file with --results`,
      );
    }
    if (status === SENT) {
      for (let sent = row; sent <= Number(/\d+$/.exec(rest)?.[0] ?? row); sent += 1) states.setSent(sent);
    } else if (!(status === UNKNOWN && resendUnknown)) {
      states.setDone(row);
      counts.set(status, (counts.get(status) ?? 0) + 1);
    }
  }
  const isComplete = end > HEADER.length && !isBegun;
  // A line that was cut off when the process was killed.
  ftruncateSync(fd, end);
  let length = end;

  function append(text: string): void {
    const bytes = Buffer.from(text);
    writeAll(fd, bytes, length);
    length += bytes.length;
  }

  if (length === 0) append(HEADER);
  if (!isBegun && !isComplete) append(`0,,${BEGUN},,,${fingerprint}\n`);

  return {
    isComplete,
    counts,
    stateOf: states.stateOf,
    mark(rows) {
      const [first, last] = [rows[0]?.row, rows.at(-1)?.row];
      append(`${first},,${SENT},,,up to row ${last}\n`);
      fdatasyncSync(fd);
    },
    write: (outcomes) => append(outcomes.map(lineOf).join('')),
    complete: (rows) => sortInto(path, fd, rows),
    close: () => closeSync(fd),
  };
}

function open(path: string, resume: boolean): number {
  if (!resume) {
    try {
      return openSync(path, 'wx+');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw unopened(path, error);
      throw new ResultsError(`${path} is there already: --resume goes on with it; or name another file`);
    }
  }
  try {
    return openSync(path, existsSync(path) ? 'r+' : 'wx+');
  } catch (error) {
    throw unopened(path, error);
  }
}

function unopened(path: string, error: unknown): unknown {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return error;
  return new ResultsError(`--results ${path}: there is no folder ${dirname(resolve(path))}`);
}

type Bits = Uint8Array<ArrayBuffer>;

/** Two bits for each row. */
function createStates() {
  let done = new Uint8Array(1024);
  let sent = new Uint8Array(1024);
  const set = (bits: Bits, row: number): Bits => {
    let grown = bits;
    if (row >> 3 >= bits.length) {
      grown = new Uint8Array(Math.max(bits.length * 2, (row >> 3) + 1));
      grown.set(bits);
    }
    grown[row >> 3] = (grown[row >> 3] ?? 0) | (1 << (row & 7));
    return grown;
  };
  const has = (bits: Uint8Array, row: number) => ((bits[row >> 3] ?? 0) & (1 << (row & 7))) !== 0;
  return {
    setDone(row: number) {
      done = set(done, row);
    },
    setSent(row: number) {
      sent = set(sent, row);
    },
    stateOf: (row: number) => (has(done, row) ? 'done' : has(sent, row) ? 'sent' : undefined),
  } as const;
}

const parseLine = (text: string): [row: number, status: string, rest: string] => {
  const [row = '', , status = '', ...rest] = text.trimEnd().split(',');
  return [Number(row), status, rest.join(',')];
};

const lineOf = ({ row, line, status, id, key, error }: RowOutcome): string =>
  `${row},${line},${status},${id ?? ''},${quoted(key)},${quoted(error)}\n`;

/** Each outcome is one line, so that a line that was cut off can be told. */
function quoted(text: string): string {
  const line = text.replace(/[\r\n]+/g, ' ');
  return /[",;\t]|^\s|\s$/.test(line) ? `"${line.replaceAll('"', '""')}"` : line;
}

/** Writes the outcomes in the order of rows to a new file, which then takes the place of the old one. */
function sortInto(path: string, fd: number, rows: number): void {
  const starts = new Float64Array(rows + 1);
  for (const { start, bytes } of linesOf(fd)) {
    const [row, status] = parseLine(bytes.toString());
    // Of an UNKNOWN row that was sent again the later line counts.
    if (start > 0 && status !== SENT && status !== BEGUN) starts[row] = start;
  }
  const lineAt = createLineReader(fd);
  const sorted = openSync(`${path}.part`, 'w');
  try {
    writeSync(sorted, HEADER);
    let block: Buffer[] = [];
    for (let row = 1; row <= rows; row += 1) {
      block.push(Buffer.from(lineAt(starts[row] as number)));
      if (block.length === 1000 || row === rows) {
        writeAll(sorted, Buffer.concat(block));
        block = [];
      }
    }
    fsyncSync(sorted);
  } finally {
    closeSync(sorted);
  }
  renameSync(`${path}.part`, path);
}

/** `place`: in bytes; undefined: behind what was written last. */
function writeAll(fd: number, bytes: Buffer, place?: number): void {
  for (let written = 0; written < bytes.length; ) {
    const to = place === undefined ? null : place + written;
    written += writeSync(fd, bytes, written, bytes.length - written, to);
  }
}
