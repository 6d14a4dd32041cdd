import type { Command } from 'commander';
import { readToken, rotateToken } from '../admin/token.ts';
import { defaultTokenFile } from './admin.ts';
import { CommandFailure } from './failure.ts';
import { addOptions, valuesOf } from './option.ts';
import { adminTokenOptions } from './options.ts';
import { printLine } from './output.ts';

/** Adds `mktows admin-token`. */
export function addAdminToken(program: Command): void {
  addOptions(
    program
      .command('admin-token')
      .description('Print the token for the admin API, which is made if there is none yet.'),
    adminTokenOptions,
  ).action(async (_options, command: Command) => {
    const { database, adminTokenFile, rotate } = valuesOf(command, adminTokenOptions);
    const file = adminTokenFile ?? defaultTokenFile(database);
    if (file === undefined)
      throw new CommandFailure(
        'a database in memory has no file for the token: name one with --admin-token-file',
      );
    printLine(await (rotate ? rotateToken(file) : readToken(file)));
  });
}
