import { type ColumnOptions, type Columns, createColumns, meaningOf } from '../bulk/columns.ts';
import { createDateReader } from '../bulk/dates.ts';
import { BulkError } from '../bulk/errors.ts';
import type { InputRow, MalformedRow } from '../bulk/input.ts';
import { type InputOptions, openInput } from '../bulk/open-input.ts';
import type { DecimalMark } from '../bulk/values.ts';
import type { FileSection } from '../records/all.ts';
import type { Objects } from '../store/store.ts';
import { unguarded } from './formulas.ts';
import { IdSet } from './id-set.ts';
import { type BatchOutcome, importBatch } from './import-batch.ts';
import { layoutOf } from './layout.ts';
import { areSame, type FileRecord, joined, readRecord } from './read-record.ts';

export interface ImportOptions extends Pick<ColumnOptions, 'map' | 'externalKey' | 'unknown'>, InputOptions {
  readonly section: FileSection;
  readonly dateFormat: string | undefined;
  readonly decimal: DecimalMark;
  /** IANA time zone of datetimes without an offset. */
  readonly timeZone: string;
  readonly clearsEmpty: boolean;
  readonly isGuarded: boolean;
  readonly dryRun: boolean;
  readonly allOrNothing: boolean;
  readonly now: Date;
}

export interface ImportListener {
  columns(pairs: readonly (readonly [header: string, meaning: string])[]): void;
  failed(line: number, problem: string): void;
  note(text: string): void;
  progress(progress: {
    readonly rows: number;
    readonly doneNow: number;
    readonly part: number | undefined;
  }): void;
}

export interface ImportSummary {
  /** Rows of the file that were read. */
  readonly rows: number;
  /** Records. */
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  /** Rows. */
  readonly failed: number;
  /** False if nothing was changed because a row failed. */
  readonly isApplied: boolean;
  /** False if the signal ended the run before the end of the file. */
  readonly isComplete: boolean;
}

/** A batch ends with so many records, or characters. */
const BATCH_RECORDS = 1000;
const BATCH_SIZE = 4_000_000;

/**
 * Imports the rows of a file into a store, in batches of one transaction each. Rejects with a `BulkError` if the file or
 * its columns cannot be read; the batches before it are applied then.
 */
export async function importFile(
  store: Objects,
  options: ImportOptions,
  listener: ImportListener,
  signal: AbortSignal,
): Promise<ImportSummary> {
  const { format, decimal, dateFormat, allOrNothing } = options;
  const layout = layoutOf(options.section, await store.schema());
  const columns = createColumns({
    ...options,
    type: layout.type,
    fields: layout.fields,
    targets: layout.targets,
    exactField: layout.exactField,
  });
  const readDate = createDateReader(dateFormat);
  const hasCells = format === 'csv' || format === 'tsv';
  const reading = {
    ...options,
    layout,
    columns,
    forms: { decimal, readDate },
    isUsual: decimal === '.' && dateFormat === undefined,
    hasCells,
    isGuarded: hasCells && options.isGuarded,
  };
  const counts = { created: 0, updated: 0, unchanged: 0, failed: 0 };
  const assigned = new IdSet();
  const { records: newest } = await store.list({ type: layout.type, where: [], descending: true, limit: 1 });
  let firstId = (newest[0]?.id ?? 0) + 1;
  let rowsRead = 0;

  function fail(rows: FileRecord['rows'], problem: string): void {
    const [first] = rows;
    counts.failed += rows.length;
    if (first !== undefined) listener.failed(first.line, problem);
  }

  const input = await openInput(options);
  let headers: { readonly sent: readonly string[]; readonly plain: readonly string[] } | undefined;

  /** Returns the row with its headers as they were before `export` guarded them; CSV has the same in all rows. */
  function withPlainHeaders<Row extends InputRow | MalformedRow>(row: Row): Row {
    if (!reading.isGuarded || !('names' in row)) return row;
    if (headers?.sent !== row.names) headers = { sent: row.names, plain: row.names.map(unguarded) };
    return { ...row, names: headers.plain };
  }

  async function* records(): AsyncGenerator<FileRecord> {
    let first: FileRecord | undefined;
    let others: FileRecord[] = [];
    let hasBegun = false;
    for await (const rows of input.rows) {
      for (const sent of rows) {
        const row = withPlainHeaders(sent);
        rowsRead = row.row;
        if (!hasBegun && 'names' in row) {
          hasBegun = true;
          begin(columns, row, listener);
        }
        const record = readOrFail(row);
        if (record === undefined) continue;
        if (first !== undefined && layout.part !== undefined && areSame(first, record)) {
          others.push(record);
          continue;
        }
        if (first !== undefined) yield joined(first, others);
        first = record;
        others = [];
      }
      if (signal.aborted) return;
      listener.progress({
        rows: rowsRead,
        doneNow: rowsRead,
        part: input.size && input.bytesRead / input.size,
      });
    }
    if (first !== undefined) yield joined(first, others);
  }

  function readOrFail(row: InputRow | MalformedRow): FileRecord | undefined {
    const read = 'problem' in row ? row : readRecord(row, reading);
    if (!('problem' in read)) return read;
    fail([row], read.problem);
    return undefined;
  }

  async function apply(batch: readonly FileRecord[]): Promise<readonly FileRecord[]> {
    const outcome = await importBatch(store, batch, {
      ...options,
      layout,
      firstId,
      assigned,
      dryRun: options.dryRun || (allOrNothing && counts.failed > 0),
    });
    for (const id of outcome.newIds) {
      assigned.add(id);
      firstId = Math.max(firstId, id + 1);
    }
    tell(outcome);
    return outcome.again;
  }

  function tell({ created, updated, unchanged, failed, again }: BatchOutcome): void {
    counts.created += created;
    counts.updated += updated;
    counts.unchanged += unchanged;
    for (const { record, problem } of failed) fail(record.rows, problem);
    if (!allOrNothing) return;
    for (const { rows } of again)
      fail(rows, 'means the same record as a row before it; --all-or-nothing takes one row for each');
  }

  let batch: FileRecord[] = [];
  let size = 0;
  for await (const record of records()) {
    batch.push(record);
    size += record.size;
    if (allOrNothing || (batch.length < BATCH_RECORDS && size < BATCH_SIZE)) continue;
    batch = [...(await apply(batch))];
    size = batch.reduce((sum, each) => sum + each.size, 0);
    if (signal.aborted) break;
  }
  const isComplete = !signal.aborted;
  while (batch.length > 0 && isComplete) {
    const again = await apply(batch);
    batch = allOrNothing ? [] : [...again];
  }
  if (readDate.ambiguous !== undefined) {
    listener.note(
      `dates such as ${readDate.ambiguous} are read as month/day/year; for day/month/year say --date-format d/M/yyyy`,
    );
  }
  const isApplied = !options.dryRun && !(allOrNothing && (counts.failed > 0 || !isComplete));
  return { rows: rowsRead, ...counts, isApplied, isComplete };
}

function begin(columns: Columns, { names }: InputRow, listener: ImportListener): void {
  const problems = columns.problemsOf(names);
  if (problems.length > 0) throw new BulkError(problems);
  listener.columns(names.map((name) => [name, meaningOf(columns, name)] as const));
}
