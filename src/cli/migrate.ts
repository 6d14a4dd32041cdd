import type { Command } from 'commander';
import { migrationStatus } from '../store/open.ts';
import { isMissing, withStore } from './database.ts';
import { addOptions, valuesOf } from './option.ts';
import { migrateOptions } from './options.ts';
import { printLine } from './output.ts';

/** Adds `mktows migrate`. */
export function addMigrate(program: Command): void {
  addOptions(
    program
      .command('migrate')
      .description(
        'Migrate a database to the schema of this version, as a server does when it starts. Lists the steps, separated by tabs: number, time or "pending", name.',
      ),
    migrateOptions,
  ).action(async (_options, command: Command) => {
    const { database, status, create } = valuesOf(command, migrateOptions);
    if (!status) {
      await isMissing(database, create);
      await withStore(database, async () => {});
    }
    for (const { number, name, appliedAt } of await migrationStatus(database)) {
      printLine(number, appliedAt ?? 'pending', name);
    }
  });
}
