import { setTimeout as wait } from 'node:timers/promises';
import type { Command } from 'commander';
import { type FaultCode, faults } from '../contract/faults.ts';
import { shortened } from '../contract/shortened.ts';
import type { JournalRow, JournalValue } from '../rules/facts.ts';
import { printable } from '../server/printable.ts';
import type { Journal, KeptJournalEntry } from '../store/store.ts';
import { withExistingStore } from './database.ts';
import { journalOptions } from './journal-options.ts';
import { addOptions, type ValuesOf, valuesOf } from './option.ts';
import { optionGroups } from './option-groups.ts';
import { storeOptions } from './options.ts';
import { handleSignals } from './signals.ts';

/** Entries that are read at once. */
const PAGE = 500;
/** In milliseconds. */
const FOLLOW_EVERY = 500;

const options = { ...storeOptions, ...journalOptions };
type Wanted = ValuesOf<typeof options>;

/** A row with its place in the call, from 1. */
interface PlacedRow extends JournalRow {
  readonly position: number;
}

/** A call with the rows that are wanted. */
interface ShownCall {
  readonly entry: KeptJournalEntry;
  readonly rows: readonly PlacedRow[];
}

/** Adds `mktows journal`. */
export function addJournal(program: Command): void {
  const command = program
    .command('journal')
    .description('Show calls and what became of each row, oldest first, beside a server or not.');
  addOptions(command, options, optionGroups.journal).action(async () => {
    const values = valuesOf(command, options);
    await withExistingStore(values.database, async ({ journal }) => {
      const newest = (await journal.newest(1))[0]?.number ?? 0;
      for (const call of await newestCalls(journal, values, 0)) show(call, values);
      if (values.follow) await follow(journal, values, newest);
    });
  });
}

/** Finds the newest calls that are wanted and have a number above `after`; oldest first. */
async function newestCalls(journal: Journal, values: Wanted, after: number): Promise<ShownCall[]> {
  const found: ShownCall[] = [];
  let before: number | undefined;
  for (;;) {
    const page = await journal.newest(PAGE, before);
    for (const entry of page) {
      if (entry.number <= after) return found.reverse();
      const call = wanted(entry, values);
      if (call !== undefined) found.push(call);
      if (found.length === values.limit && after === 0) return found.reverse();
    }
    before = page.at(-1)?.number;
    // Entries are numbered as they are committed, so single ones may be older than those before them.
    const isOlder = values.since !== undefined && page.every(({ at }) => at < (values.since ?? ''));
    if (page.length < PAGE || isOlder) return found.reverse();
  }
}

function wanted(
  entry: KeptJournalEntry,
  { failed, since, user, operation, call }: Wanted,
): ShownCall | undefined {
  if (since !== undefined && entry.at < since) return undefined;
  if (user !== undefined && entry.userId !== user) return undefined;
  if (operation !== undefined && entry.operation !== operation) return undefined;
  if (call !== undefined && entry.callId !== call) return undefined;
  const all = entry.rows.map((row, index) => ({ position: index + 1, ...row }));
  const rows = failed ? all.filter(({ status }) => status === 'FAILED') : all;
  if (failed && rows.length === 0 && entry.fault === null) return undefined;
  return { entry, rows };
}

async function follow(journal: Journal, values: Wanted, newest: number): Promise<void> {
  const stop = new AbortController();
  const end = handleSignals(() => stop.abort());
  let last = newest;
  while (!stop.signal.aborted) {
    await wait(FOLLOW_EVERY, undefined, { signal: stop.signal }).catch(() => {});
    const next = (await journal.newest(1))[0]?.number ?? last;
    if (next === last) continue;
    for (const call of await newestCalls(journal, values, last)) show(call, values);
    last = next;
  }
  end();
}

function show(call: ShownCall, { format }: Wanted): void {
  process.stdout.write(format === 'json' ? `${jsonOf(call)}\n` : textOf(call));
}

function jsonOf({ entry, rows }: ShownCall): string {
  const { fault, faultText: text, ...others } = entry;
  return JSON.stringify({
    ...others,
    fault: fault === null ? null : { code: fault, text: text ?? shortText(fault) },
    rows,
  });
}

/** A line for the call, and one for each row. */
function textOf({ entry, rows }: ShownCall): string {
  const { at, userId, operation, mode, callId, fault, faultText: text, outcomeUnknown } = entry;
  const counts = Map.groupBy(entry.rows, ({ status }) => status);
  const result =
    fault === null
      ? Array.from(counts, ([status, some]) => `${some.length} ${status}`).join(', ')
      : `fault ${fault} ${text ?? shortText(fault)}${outcomeUnknown ? ', outcome unknown' : ''}`;
  const lines = [
    [at, userId, `${operation}${mode === null ? '' : ` ${mode}`}`, `call ${callId}`, result],
    ...rows.map((row) => [
      `  ${row.position}`,
      row.id === null ? row.type : `${row.type} ${row.id}`,
      row.externalKey === undefined ? (row.name ?? '') : `${row.externalKey.name}=${row.externalKey.value}`,
      row.status,
      row.because ?? changesOf(row),
    ]),
  ];
  return lines.map((parts) => `${parts.filter(Boolean).map(printable).join('  ')}\n`).join('');
}

/** The changes of a row: `Stage: New → Won, Amount`. */
function changesOf({ changed = [], before, after }: JournalRow): string {
  return changed
    .map((name, index) => {
      const [had, has] = [before?.[index], after?.[index]];
      if (had === undefined) return name;
      return has === undefined
        ? `${name}: ${valueText(had)}`
        : `${name}: ${valueText(had)} → ${valueText(has)}`;
    })
    .join(', ');
}

const valueText = (value: JournalValue): string =>
  shortened(
    typeof value === 'object' ? (value === null ? 'none' : JSON.stringify(value)) : String(value),
    60,
  );

const shortText = (code: number): string => faults[code as FaultCode]?.short ?? '';
