import type { Command } from 'commander';
import { printable } from '../server/printable.ts';
import { backupDatabase } from '../store/open.ts';
import { CommandFailure } from './failure.ts';
import { addOptions, valuesOf } from './option.ts';
import { backupOptions } from './options.ts';
import { printLine } from './output.ts';
import { progressBar } from './progress.ts';
import { handleSignals } from './signals.ts';

/** Adds `mktows backup`. */
export function addBackup(program: Command): void {
  addOptions(
    program
      .command('backup')
      .description(
        'Copy an SQLite database to a file; servers can keep running. An earlier backup is replaced only by a complete, verified copy. The key file is not part of it.',
      ),
    backupOptions,
  ).action(async (_options, command: Command) => {
    const { database, to } = valuesOf(command, backupOptions);
    if (to === undefined) throw new CommandFailure('backup needs --to <file>');
    const controller = new AbortController();
    const bar = progressBar('copying');
    const release = handleSignals(() => controller.abort());
    try {
      const { source, target, pages, bytes, parts } = await backupDatabase(database, to, {
        signal: controller.signal,
        progress: bar.show,
      });
      bar.end();
      for (const part of parts) {
        process.stderr.write(
          `mktows: ${printable(part)} is there: another backup is writing it, or one was interrupted; then remove it\n`,
        );
      }
      printLine(`backed up ${source} to ${target}: ${pages} pages, ${bytes} bytes; integrity checked`);
    } finally {
      bar.end();
      release();
    }
  });
}
