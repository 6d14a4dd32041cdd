import { SoapFault } from '../contract/faults.ts';
import type { JournalEntry } from '../rules/facts.ts';
import { planClear } from '../rules/lists/clear-list.ts';
import { type CsvRow, csvRows } from '../rules/lists/csv-rows.ts';
import { type ImportBatch, planImportBatch } from '../rules/lists/import-batch.ts';
import type { ImportCall } from '../rules/lists/import-call.ts';
import { type ImportCounts, noCounts } from '../rules/lists/import-counts.ts';
import { headerFault, readImportHeader } from '../rules/lists/import-header.ts';
import type { FoundList } from '../rules/lists/static-list.ts';
import type { Objects } from '../store/store.ts';
import type { Turns } from '../store/turns.ts';
import { applyPlan } from './apply-plan.ts';
import type { CallJournal } from './call-journal.ts';
import { importTargets } from './import-targets.ts';

/**
 * The most rows, and about the most cells, of a transaction: each cell can change a value, which makes an activity.
 * Imports that have no more are one transaction.
 */
const ROWS_AT_ONCE = 500;
const CELLS_AT_ONCE = 3000;
/** Larger imports take as many rows at a time as take about this long, in milliseconds; at least a few. */
const BRIEF = 40;
const ROWS_AT_LEAST = 25;

/** The data and settings of an import. */
export interface Importing {
  readonly store: Objects;
  /** Of all imports one writes at a time, so that other calls wait for one batch only. */
  readonly inTurn: Turns;
  readonly journal: CallJournal;
}

/**
 * Imports rows into a list, many of them in several transactions, so that other calls are served meanwhile and memory
 * stays small. Rejects with a `SoapFault` that says `outcomeUnknown` if only some of them are written.
 */
export async function importRows(
  { store, inTurn, journal }: Importing,
  call: ImportCall,
): Promise<ImportCounts> {
  const { mode, clears, settings, now } = call;
  const header = await readHeader(call.header);
  const { target, campaignId } = await importTargets(store, call);
  readImportHeader(header, { schema: await store.schema(), settings, now, hasCampaign: campaignId !== null });
  const operation = { operation: 'importToList', at: now } as const;
  let counts = noCounts;
  let written = 0;
  const sizeAtMost = Math.min(ROWS_AT_ONCE, Math.ceil(CELLS_AT_ONCE / header.length));
  let size = sizeAtMost;
  try {
    if (clears && target.id !== undefined) {
      written += await clearDown(store, inTurn, target, now, (removed) =>
        journal({ ...operation, mode: `clearList: ${removed} members` }, []),
      );
    }
    for await (const { rows, isLast } of batches(call.items, header.length, () => size)) {
      const batch: ImportBatch = {
        rows,
        header,
        target,
        mode,
        campaignId,
        clears: clears && counts === noCounts,
        before: counts,
        isLast,
        settings,
        now,
      };
      let began = 0;
      const plan = planImportBatch(batch, await store.lastSchema());
      const first = rowsOf(counts) + 1;
      const part = isLast && first === 1 ? mode : `${mode} rows ${first}-${first + rows.length - 1}`;
      counts = await inTurn(() => {
        began = performance.now();
        return applyPlan(store, plan, ({ results, counts: answer }) => ({
          answer,
          journal: journal({ ...operation, mode: part }, results),
        }));
      });
      written += rows.length;
      if (!isLast) size = nextSize(rows.length, performance.now() - began, sizeAtMost);
    }
    return counts;
  } catch (error) {
    throw written === 0 ? error : partlyWritten(counts, error);
  }
}

const rowsOf = ({ imported, failed, ignored }: ImportCounts): number => imported + failed + ignored;

/** Returns the number of rows that would have taken the intended time. */
const nextSize = (rows: number, took: number, atMost: number): number =>
  Math.min(atMost, Math.max(ROWS_AT_LEAST, Math.round((rows * BRIEF) / Math.max(took, 1))));

/** The most columns of an import: each row takes time for each. */
const COLUMNS_AT_MOST = 1000;

async function readHeader(sent: string): Promise<readonly string[]> {
  const text = sent.trim();
  const rows: CsvRow[] = [];
  for await (const row of csvRows([text], text.length)) rows.push(row);
  const [names = [], ...others] = rows;
  if ('problem' in names) throw headerFault(names.problem);
  if (others.length > 0) throw headerFault('has several lines; expected one with the names of the columns');
  if (names.length > COLUMNS_AT_MOST) {
    throw headerFault(`has ${names.length} columns; expected at most ${COLUMNS_AT_MOST}`);
  }
  return names;
}

/** Yields the rows in batches of the size wanted then; the last one can be empty. `columns`: those of the header. */
async function* batches(
  items: readonly string[],
  columns: number,
  size: () => number,
): AsyncGenerator<{ rows: readonly CsvRow[]; isLast: boolean }> {
  let rows: CsvRow[] = [];
  for await (const row of csvRows(items, columns)) {
    if (rows.length >= size()) {
      yield { rows, isLast: false };
      rows = [];
    }
    rows.push(row);
  }
  yield { rows, isLast: true };
}

/** Removes members of a list until those are left that one transaction can remove. Resolves to the number removed. */
async function clearDown(
  store: Objects,
  inTurn: Turns,
  list: FoundList,
  now: string,
  entry: (removed: number) => JournalEntry,
): Promise<number> {
  const where = [{ property: 'listId', equals: list.id }];
  let size = ROWS_AT_ONCE;
  for (let removed = 0, after = 0; ; ) {
    const page = { type: 'ListMember', where, by: 'leadId', after, limit: size } as const;
    const { records, hasMore } = await store.list(page);
    if (!hasMore) return removed;
    after = records.at(-1)?.leadId ?? after;
    let began = 0;
    const plan = planClear({ list, leadIds: records.map(({ leadId }) => leadId), now });
    await inTurn(() => {
      began = performance.now();
      return applyPlan(store, plan, () => ({ answer: null, journal: entry(records.length) }));
    });
    removed += records.length;
    size = nextSize(records.length, performance.now() - began, ROWS_AT_ONCE);
  }
}

/** Returns the fault of an import that failed when a part of it was written. */
function partlyWritten(counts: ImportCounts, cause: unknown): SoapFault {
  const rows = rowsOf(counts);
  const done = rows === 0 ? 'Members of the list were removed' : `The first ${rows} rows are imported`;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new SoapFault(
    20011,
    `${done}; then the import failed. Send the same call again: it repeats nothing twice`,
    {
      outcomeUnknown: true,
      internal: reason,
      cause,
    },
  );
}
