import type { Command } from 'commander';
import type { RowOutcome } from '../bulk/send.ts';
import type { SyncListener, SyncSummary } from '../bulk/sync-file.ts';
import { printable } from '../server/printable.ts';
import { number } from './copy-progress.ts';
import { endpointOf } from './endpoint.ts';
import { CommandFailure } from './failure.ts';
import { fileFormat } from './file-format.ts';
import { addOptions, type ValuesOf, valuesOf } from './option.ts';
import { optionGroups } from './option-groups.ts';
import { printLine } from './output.ts';
import { abortOnSignal } from './signals.ts';
import { syncOptions } from './sync-options.ts';
import { type SyncProgressLines, syncProgressLines } from './sync-progress.ts';

/** Failed rows that are shown while a run is under way. */
const SHOWN_FAILURES = 20;

/** Adds `mktows sync`. */
export function addSync(program: Command): void {
  addOptions(
    program
      .command('sync <file>')
      .description(
        'Send the rows of a CSV, TSV, NDJSON or JSON file to a server; - is standard input. Prints the number of rows by status. Ends with 1 if rows failed.',
      ),
    syncOptions,
    optionGroups.sync,
  ).action(async (file: string, _options, command: Command) => sync(file, valuesOf(command, syncOptions)));
}

async function sync(file: string, values: ValuesOf<typeof syncOptions>): Promise<void> {
  const { results, resume, dryRun, timeout, map } = values;
  const format = fileFormat(file, values.format);
  if (resume && results === undefined)
    throw new CommandFailure('--resume needs --results: the file to go on with');
  if (dryRun && results !== undefined)
    throw new CommandFailure('--dry-run writes no results file; leave --results out');
  // Loaded here, so that other commands start without it.
  const { syncFile } = await import('../bulk/sync-file.ts');
  const { createTarget } = await import('../bulk/target.ts');
  const target = createTarget({ ...endpointOf(values), timeout: timeout * 1000 });
  const options = {
    ...values,
    file,
    format,
    map: new Map(map),
    clearsEmpty: values.empty === 'clear',
    isDryRun: dryRun,
  };

  const lines = syncProgressLines(process.stderr);
  const run = abortOnSignal(() =>
    lines.say('stopping: waiting for the calls under way; a second signal ends at once'),
  );
  const listener = listenerOf(lines, values);
  let summary: SyncSummary;
  try {
    summary = await syncFile(target, options, listener, run.signal);
  } finally {
    lines.end();
    run.release();
  }
  report(summary, values);
}

function listenerOf(
  lines: SyncProgressLines,
  { results, dryRun }: ValuesOf<typeof syncOptions>,
): SyncListener {
  const notes = new Set<string>();
  let failures = 0;
  return {
    progress: lines.report,
    columns(pairs) {
      if (dryRun) for (const [header, meaning] of pairs) printLine(header, meaning);
    },
    note(text) {
      const kind = text.replace(/\d+/g, '');
      if (!notes.has(kind)) lines.say(printable(text));
      notes.add(kind);
    },
    outcomes(outcomes: readonly RowOutcome[]) {
      for (const { status, line, error } of outcomes) {
        if (status !== 'FAILED' && status !== 'UNKNOWN') continue;
        failures += 1;
        if (dryRun) printLine(`line ${line}`, error);
        else if (failures <= SHOWN_FAILURES) lines.say(printable(`line ${line}: ${status} ${error}`));
        else if (failures === SHOWN_FAILURES + 1) {
          lines.say(
            `more rows failed; ${results === undefined ? '--results FILE lists them' : `${results} has them`}`,
          );
        }
      }
    },
  };
}

const order = ['READY', 'CREATED', 'UPDATED', 'UNCHANGED', 'SKIPPED', 'FAILED', 'UNKNOWN'];

function report({ rows, counts, isComplete }: SyncSummary, { results }: ValuesOf<typeof syncOptions>): void {
  for (const status of [...counts.keys()].sort((a, b) => order.indexOf(a) - order.indexOf(b))) {
    printLine(status, counts.get(status));
  }
  if (!isComplete) {
    const advice =
      results === undefined
        ? 'with --results it could be resumed'
        : `go on with --results ${results} --resume`;
    throw new CommandFailure(`stopped at row ${number(rows)} before the end of the file: ${advice}`);
  }
  printLine('rows', rows);
  if ((counts.get('FAILED') ?? 0) + (counts.get('UNKNOWN') ?? 0) > 0) process.exitCode = 1;
}
