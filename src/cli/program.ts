import { Command, CommanderError } from 'commander';
import { printable } from '../server/printable.ts';
import { addBackup } from './backup.ts';
import { addCheck } from './check.ts';
import { addCopy } from './copy.ts';
import { addDemo } from './demo.ts';
import { prepareEnvironment, warningsFor } from './environment.ts';
import { linesOf } from './failure.ts';
import { addFields } from './fields.ts';
import { addInstance } from './instance.ts';
import { addMigrate } from './migrate.ts';
import { keyVariable } from './options.ts';
import { addServe } from './serve.ts';
import { addUsers } from './users.ts';
import { packageVersion } from './version.ts';
import { addWait } from './wait.ts';

/** Creates the command line with all subcommands. */
export function createProgram(): Command {
  const program = new Command('mktows')
    .description("A self-hosted server for integrations written against Marketo's SOAP API.")
    .version(packageVersion(), '--version')
    .helpOption('--help', 'show this help')
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(oneLine(text)) })
    .addHelpText(
      'after',
      `\nFirst steps:\n  mktows demo          a server with sample objects, and three sample calls\n  mktows serve         a server with a database of its own, in ./mktows.db\n  mktows help serve    the options of a command\n\nMost options can also be set in the environment; the help of a command names the variables.\n${keyVariable.name}: ${keyVariable.description}.\n`,
    );
  for (const add of [
    addServe,
    addDemo,
    addWait,
    addInstance,
    addFields,
    addUsers,
    addMigrate,
    addCopy,
    addCheck,
    addBackup,
  ]) {
    add(program);
  }
  return program;
}

/** Runs the command line and sets the exit status: 0 for success, 1 for failure, with the reason on standard error. */
export async function run(argv: readonly string[]): Promise<void> {
  const oddities = prepareEnvironment(process.env);
  const program = createProgram().hook('preAction', (_program, command) => {
    for (const warning of warningsFor(command, oddities)) process.stderr.write(`mktows: ${warning}\n`);
  });
  try {
    await program.parseAsync(namesGroup(program, argv.slice(2)) ? [...argv, '--help'] : argv);
  } catch (error) {
    // Commander has already printed the message.
    if (error instanceof CommanderError) process.exitCode = error.exitCode;
    else fail(error);
  }
}

/** Returns whether the words name a group, such as `users` or the program itself, without one of its commands. */
function namesGroup(program: Command, words: readonly string[]): boolean {
  let command: Command | undefined = program;
  for (const word of words) command = command?.commands.find((inner) => inner.name() === word);
  return command !== undefined && command.commands.length > 0;
}

function fail(error: unknown): void {
  process.exitCode = 1;
  for (const line of linesOf(error)) process.stderr.write(`mktows: ${line}\n`);
}

const oneLine = (text: string) =>
  `mktows: ${printable(
    text
      .replace(/^error: /, '')
      .trim()
      .replace(/\s*\n\s*/g, ' '),
  )}\n`;
