import type { Command } from 'commander';
import { fileSections } from '../records/all.ts';
import { printable } from '../server/printable.ts';
import type { ImportListener, ImportSummary } from '../transfer/import-file.ts';
import { number } from './copy-progress.ts';
import { withCreatedStore } from './database.ts';
import { CommandFailure } from './failure.ts';
import { fileFormat } from './file-format.ts';
import { addOptions, type ValuesOf, valuesOf } from './option.ts';
import { optionGroups } from './option-groups.ts';
import { alternatives } from './option-values.ts';
import { importOptions } from './options.ts';
import { printLine } from './output.ts';
import { abortOnSignal } from './signals.ts';
import { type SyncProgressLines, syncProgressLines } from './sync-progress.ts';

/** Adds `mktows import`. */
export function addImport(program: Command): void {
  addOptions(
    program
      .command('import <file>')
      .description(
        'Create and change records of a database from a CSV, TSV, NDJSON or JSON file; - is standard input. For what calls cannot create: companies, programs, and records of given ids and times. Prints the number of records by what became of them. Ends with 1 if rows failed.',
      ),
    importOptions,
    optionGroups.import,
  ).action(async (file: string, _options, command: Command) =>
    importRows(file, valuesOf(command, importOptions)),
  );
}

async function importRows(file: string, values: ValuesOf<typeof importOptions>): Promise<void> {
  const { database, create, type, dryRun, map } = values;
  if (type === undefined) throw new CommandFailure(`import needs --type: ${alternatives(fileSections)}`);
  const format = fileFormat(file, values.format);
  // Loaded here, so that other commands start without it.
  const { importFile } = await import('../transfer/import-file.ts');
  const options = {
    ...values,
    file,
    format,
    section: type,
    map: new Map(map),
    clearsEmpty: values.empty === 'clear',
    isGuarded: values.formulas === 'guard',
    now: new Date(),
  };
  const lines = syncProgressLines(process.stderr);
  const run = abortOnSignal(() =>
    lines.say('stopping: waiting for the rows under way; a second signal ends at once'),
  );
  let summary: ImportSummary;
  try {
    summary = await withCreatedStore(database, create && !dryRun, (store) =>
      importFile(store, options, listenerOf(lines, dryRun), run.signal),
    );
  } finally {
    lines.end();
    run.release();
  }
  report(summary, dryRun);
}

const listenerOf = (lines: SyncProgressLines, dryRun: boolean): ImportListener => ({
  progress: lines.report,
  columns(pairs) {
    if (dryRun) for (const [header, meaning] of pairs) printLine(header, meaning);
  },
  failed: (line, problem) => lines.say(printable(`line ${line}: FAILED ${problem}`)),
  note: (text) => lines.say(printable(text)),
});

function report(summary: ImportSummary, dryRun: boolean): void {
  const { rows, created, updated, unchanged, failed, isApplied, isComplete } = summary;
  const counts = { CREATED: created, UPDATED: updated, UNCHANGED: unchanged, FAILED: failed };
  for (const [status, count] of Object.entries(counts)) if (count > 0) printLine(status, count);
  printLine('rows', rows);
  if (failed > 0) process.exitCode = 1;
  if (!isComplete) throw new CommandFailure(`stopped at row ${number(rows)} before the end of the file`);
  if (dryRun) printLine('nothing was changed: --dry-run');
  else if (!isApplied) printLine('nothing was changed: a row failed, and --all-or-nothing is set');
}
