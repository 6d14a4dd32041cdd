import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { KeyError } from '../access/key.ts';
import type { Secrets } from '../access/secrets.ts';
import type { CheckResult } from '../store/check/report.ts';
import type { OpenUser } from '../store/check/users.ts';
import { checkDatabase } from '../store/open.ts';
import { checkText } from './check-text.ts';
import { defaultKeyFile, secretsOf } from './database.ts';
import { linesOf } from './failure.ts';
import { addOptions, valuesOf } from './option.ts';
import { checkOptions, keyVariable } from './options.ts';

/** Exit statuses: faults were found; the check could not run. */
const FAULTS = 1;
const NOT_CHECKED = 2;

/** Adds `mktows check`. */
export function addCheck(program: Command): void {
  addOptions(
    program
      .command('check')
      .description(
        'Verify a database without changing it; servers can keep running. Prints a line for each check and each fault. Exits with 0 without faults, 1 with faults, 2 if the check was not possible.',
      ),
    checkOptions,
  ).action(async (_options, command: Command) => {
    const { database, keyFile, json } = valuesOf(command, checkOptions);
    const results: CheckResult[] = [];
    try {
      await checkDatabase(database, {
        openUser: openUserWith(database, keyFile),
        report(result) {
          results.push(result);
          if (!json) process.stdout.write(checkText(result));
        },
      });
    } catch (error) {
      process.exitCode = NOT_CHECKED;
      for (const line of linesOf(error)) process.stderr.write(`mktows: ${line}\n`);
      return;
    }
    const faults = results.reduce((sum, { faultCount }) => sum + faultCount, 0);
    if (json) process.stdout.write(`${JSON.stringify({ ok: faults === 0, faults, checks: results })}\n`);
    else process.stdout.write(`${faults === 0 ? 'no faults' : counted(faults, 'fault')}\n`);
    if (faults > 0) process.exitCode = FAULTS;
  });
}

const counted = (number: number, what: string) => `${number} ${what}${number === 1 ? '' : 's'}`;

/** Returns a function that decrypts secrets. Undefined if no key is configured and the default key file is missing. */
function openUserWith(database: string, keyFile: string | undefined): OpenUser | undefined {
  const isNamed = keyFile !== undefined || Boolean(process.env[keyVariable.name]);
  if (!isNamed && !existsSync(defaultKeyFile(database))) return undefined;
  const secrets: Secrets = secretsOf(database, keyFile);
  return async ({ userId, encryptedSecret }) => {
    try {
      await secrets.open(userId, encryptedSecret);
      return undefined;
    } catch (error) {
      if (error instanceof KeyError) return error.message;
      throw error;
    }
  };
}
