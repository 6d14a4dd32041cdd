import { createHash } from 'node:crypto';
import type { SyncOperation } from '../contract/enumerations.ts';
import { type ColumnOptions, createColumns, meaningOf } from './columns.ts';
import { createDateReader } from './dates.ts';
import { BulkError } from './errors.ts';
import type { InputRow, InputValue, MalformedRow } from './input.ts';
import { recordKinds } from './kinds/all.ts';
import type { RecordKind, SyncMode } from './kinds/record-kind.ts';
import { type InputOptions, openInput } from './open-input.ts';
import { type ReadyRow, readRow } from './read-row.ts';
import { openResults, type ResultsFile, UNKNOWN } from './results-file.ts';
import { type RowOutcome, sendRows } from './send.ts';
import type { Target } from './target.ts';
import type { BulkType } from './types.ts';
import type { DecimalMark } from './values.ts';

export interface SyncFileOptions
  extends Pick<ColumnOptions, 'map' | 'externalKey' | 'unknown'>,
    InputOptions {
  readonly type: BulkType;
  /** Undefined: the default of the type. */
  readonly operation: SyncOperation | undefined;
  /** The key that leads without id and foreign id are looked for by. */
  readonly dedup: 'email' | 'none';
  readonly dateFormat: string | undefined;
  readonly decimal: DecimalMark;
  /** If true, an empty CSV value clears the field. */
  readonly clearsEmpty: boolean;
  readonly concurrency: number;
  /** Reads and checks everything, and sends nothing. */
  readonly isDryRun: boolean;
  /** The results file; undefined: none. */
  readonly results: string | undefined;
  readonly resume: boolean;
  readonly resendUnknown: boolean;
}

export interface SyncProgress {
  /** Rows of the input so far, with those of earlier runs. */
  readonly rows: number;
  /** Rows that got their outcome in this run. */
  readonly doneNow: number;
  /** The part of the input that was read, 0 to 1; undefined if its size is not known. */
  readonly part: number | undefined;
}

/** Listens to a run. */
export interface SyncListener {
  /** The columns of the input, as they are understood. */
  columns(pairs: readonly (readonly [header: string, meaning: string])[]): void;
  outcomes(outcomes: readonly RowOutcome[]): void;
  progress(progress: SyncProgress): void;
  note(text: string): void;
}

export interface SyncSummary {
  /** Rows of the input that were read. */
  readonly rows: number;
  /** Rows by status, those of earlier runs included; of a dry run: READY and FAILED. */
  readonly counts: ReadonlyMap<string, number>;
  /** False if the signal ended the run before the end of the input. */
  readonly isComplete: boolean;
}

/** The columns of the input cannot be understood; a line for each problem. */
export class ColumnsError extends BulkError {
  override readonly name = 'ColumnsError';
}

/** The options do not fit the type; a line for each problem. */
export class OptionsError extends BulkError {
  override readonly name = 'OptionsError';
}

/**
 * Sends the rows of a file to a server. Rejects with `OptionsError`, `InputError`, `ColumnsError`, `ResultsError` or `TargetError`; the
 * results file then holds what was done.
 */
export async function syncFile(
  target: Target,
  options: SyncFileOptions,
  listener: SyncListener,
  signal: AbortSignal,
): Promise<SyncSummary> {
  const { clearsEmpty, decimal, isDryRun } = options;
  const kind = recordKinds[options.type];
  const mode = modeOf(kind, options);
  const columns = createColumns({ ...options, ...(await target.columns(kind, signal)) });
  const readDate = createDateReader(options.dateFormat);
  const rowOptions = { kind, mode, columns, clearsEmpty, forms: { decimal, readDate } };
  const input = await openInput(options);
  const counts = new Map<string, number>();
  let results: ResultsFile | undefined;
  let [rowsRead, doneNow] = [0, 0];
  let [hasBegun, saidDates, isAtEnd] = [false, false, false];

  function count(status: string, number = 1): void {
    counts.set(status, (counts.get(status) ?? 0) + number);
  }

  function done(outcomes: readonly RowOutcome[]): void {
    if (outcomes.length === 0) return;
    results?.write(outcomes);
    for (const { status } of outcomes) count(status);
    doneNow += outcomes.length;
    listener.outcomes(outcomes);
  }

  function read(row: InputRow | MalformedRow): RowOutcome | ReadyRow {
    const place = { row: row.row, line: row.line };
    if ('problem' in row) return { ...place, status: 'FAILED', id: null, key: '', error: row.problem };
    const ready = readRow(row, rowOptions);
    if ('problem' in ready)
      return { ...place, status: 'FAILED', id: null, key: ready.key, error: ready.problem };
    const wasSent = results?.stateOf(row.row) === 'sent';
    const isSafe = ready.isRepeatable && ready.foundBy === undefined;
    if (!wasSent || isSafe || options.resendUnknown) return ready;
    return { ...place, status: UNKNOWN, id: null, key: ready.key, error: UNKNOWN_TEXT };
  }

  async function* readyRows(): AsyncGenerator<ReadyRow> {
    let waiting: readonly (InputRow | MalformedRow)[] = [];
    for await (const rows of input.rows) {
      if (!hasBegun) {
        waiting = [...waiting, ...rows];
        const first = waiting.find((row) => 'names' in row);
        if (first === undefined) continue;
        begin(first.names, first.values);
        yield* take(waiting);
      } else yield* take(rows);
      listener.progress({ rows: rowsRead, doneNow, part: input.size && input.bytesRead / input.size });
    }
    if (!hasBegun) {
      begin([], []);
      yield* take(waiting);
    }
    isAtEnd = true;
  }

  /** Reports the outcomes of rows that are not sent, and returns the others. */
  function take(rows: readonly (InputRow | MalformedRow)[]): readonly ReadyRow[] {
    const outcomes: RowOutcome[] = [];
    const ready: ReadyRow[] = [];
    for (const row of rows) {
      rowsRead = row.row;
      if (results?.stateOf(row.row) === 'done') continue;
      const taken = read(row);
      if ('status' in taken) outcomes.push(taken);
      else ready.push(taken);
    }
    done(outcomes);
    if (!saidDates && readDate.ambiguous !== undefined) {
      saidDates = true;
      listener.note(
        `dates such as ${readDate.ambiguous} are read as month/day/year; for day/month/year say --date-format d/M/yyyy`,
      );
    }
    return ready;
  }

  function begin(names: readonly string[], firstValues: readonly InputValue[]): void {
    hasBegun = true;
    const problems = names.length === 0 ? [] : columns.problemsOf(names);
    if (problems.length > 0) throw new ColumnsError(problems);
    listener.columns(names.map((name) => [name, meaningOf(columns, name)] as const));
    if (options.results === undefined) return;
    results = openResults(options.results, {
      resume: options.resume,
      resendUnknown: options.resendUnknown,
      fingerprint: fingerprintOf(names, firstValues, options, mode),
    });
    for (const [status, number] of results.counts) count(status, number);
    if (results.isComplete) {
      listener.note(`${options.results} is complete already; only rows that are not in it are sent`);
    }
  }

  try {
    if (isDryRun) {
      for await (const _row of readyRows()) {
        count('READY');
        if (signal.aborted) break;
      }
    } else {
      await sendRows(readyRows(), {
        ...options,
        rowsPerCall: kind.rowsPerCall,
        send: (rows) =>
          target.send(
            kind,
            rows.map(({ item }) => item),
            mode,
          ),
        signal,
        done,
        mark: async (rows) => results?.mark(rows),
        paused: (reason) => listener.note(`waiting: ${reason}`),
      });
    }
    const isComplete = isAtEnd && !signal.aborted;
    if (isComplete && !counts.has(UNKNOWN)) results?.complete(rowsRead);
    return { rows: rowsRead, counts, isComplete };
  } finally {
    results?.close();
  }
}

/** Throws `OptionsError` for options that the kind does not have. */
function modeOf(kind: RecordKind<unknown>, { operation, dedup, externalKey }: SyncFileOptions): SyncMode {
  const { type, operations, ownKeys, hasEmailSearch } = kind;
  const mode = { operation: operation ?? operations[0], findsByEmail: dedup === 'email' };
  const problems: string[] = [];
  if (!operations.includes(mode.operation))
    problems.push(
      `--operation ${mode.operation}: rows of type ${type} take ${operations.join(', ')} only; leave it out`,
    );
  if (externalKey !== undefined && ownKeys !== undefined) problems.push(`--external-key: ${ownKeys}`);
  if (!mode.findsByEmail && !hasEmailSearch)
    problems.push(`--dedup none: only leads are looked for by e-mail; leave it out for the type ${type}`);
  if (problems.length > 0) throw new OptionsError(problems);
  return mode;
}

const UNKNOWN_TEXT =
  'sent before the run was ended, and not answered: it may be there or not. Look it up, or send it again with --resend-unknown';

/** Names the columns, the first row, and all options that decide what a row comes to. */
function fingerprintOf(
  names: readonly string[],
  firstValues: readonly InputValue[],
  options: SyncFileOptions,
  { operation, findsByEmail }: SyncMode,
): string {
  const { type, map, externalKey, unknown, dateFormat, decimal, clearsEmpty, format } = options;
  const parts = [
    names,
    firstValues,
    type,
    operation,
    [...map],
    externalKey,
    unknown,
    dateFormat,
    decimal,
    clearsEmpty,
    format,
    ...(findsByEmail ? [] : ['without dedup']),
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}
