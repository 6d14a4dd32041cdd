import { Command, CommanderError } from 'commander';
import { printable } from '../server/printable.ts';
import { prepareEnvironment, warningsFor } from './environment.ts';
import { linesOf } from './failure.ts';
import { HELP } from './option.ts';
import { keyVariable } from './options.ts';
import { packageVersion } from './version.ts';

/** Add the commands of each group. A group is loaded when it is named; help loads all. */
const groups = {
  serve: async (program) => (await import('./serve.ts')).addServe(program),
  demo: async (program) => (await import('./demo.ts')).addDemo(program),
  open: async (program) => (await import('./open.ts')).addOpen(program),
  wait: async (program) => (await import('./wait.ts')).addWait(program),
  sync: async (program) => (await import('./sync.ts')).addSync(program),
  get: async (program) => (await import('./objects.ts')).addGet(program),
  describe: async (program) => (await import('./objects.ts')).addDescribe(program),
  list: async (program) => (await import('./objects.ts')).addList(program),
  delete: async (program) => (await import('./objects.ts')).addDelete(program),
  sign: async (program) => (await import('./sign.ts')).addSign(program),
  'explain-signature': async (program) => (await import('./sign.ts')).addExplainSignature(program),
  journal: async (program) => (await import('./journal.ts')).addJournal(program),
  instance: async (program) => (await import('./instance.ts')).addInstance(program),
  import: async (program) => (await import('./import.ts')).addImport(program),
  export: async (program) => (await import('./export.ts')).addExport(program),
  fields: async (program) => (await import('./fields.ts')).addFields(program),
  'admin-token': async (program) => (await import('./admin-token.ts')).addAdminToken(program),
  users: async (program) => (await import('./users.ts')).addUsers(program),
  migrate: async (program) => (await import('./migrate.ts')).addMigrate(program),
  copy: async (program) => (await import('./copy.ts')).addCopy(program),
  check: async (program) => (await import('./check.ts')).addCheck(program),
  backup: async (program) => (await import('./backup.ts')).addBackup(program),
} satisfies Record<string, (program: Command) => Promise<void>>;

/** Returns the groups that these words of a command line need. */
function groupsFor(words: readonly string[]): ((program: Command) => Promise<void>)[] {
  const [first = ''] = words;
  if (first === '--version') return [];
  const named = Object.entries(groups).find(([name]) => name === first);
  return named === undefined ? Object.values(groups) : [named[1]];
}

/** Creates the command line with the subcommands that its words need; without words, with all. */
export async function createProgram(words: readonly string[] = []): Promise<Command> {
  const program = new Command('mktows')
    .description("A self-hosted server for integrations written against Marketo's SOAP API.")
    .version(packageVersion(), '--version')
    .helpOption('--help', HELP)
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(oneLine(text)) })
    .addHelpText(
      'after',
      `\nFirst steps:\n  mktows demo          a server with sample objects, and three sample calls\n  mktows serve         a server with a database of its own, in ./mktows.db\n  mktows help serve    the options of a command\n\nMost options can also be set in the environment; the help of a command names the variables.\n${keyVariable.name}: ${keyVariable.description}.\n`,
    );
  for (const add of groupsFor(words)) await add(program);
  return program;
}

/** Runs the command line and sets the exit status: 0 for success, 1 for failure, with the reason on standard error. */
export async function run(argv: readonly string[]): Promise<void> {
  const warnings = prepareEnvironment(process.env);
  const words = wordsOf(argv);
  const program = (await createProgram(words)).hook('preAction', async (_program, command) => {
    if (command.getOptionValue('config') !== undefined)
      (await import('./config-file.ts')).applyConfig(command);
    for (const warning of warningsFor(command, warnings)) process.stderr.write(`mktows: ${warning}\n`);
  });
  try {
    await program.parseAsync(namesGroup(program, words) ? [...words, '--help'] : words, { from: 'user' });
  } catch (error) {
    // Commander has already printed the message.
    if (error instanceof CommanderError) process.exitCode = error.exitCode;
    else fail(error);
  }
}

/** The words behind the program's name. `help x` of an unknown command is `x`, so that it is refused as such. */
function wordsOf(argv: readonly string[]): readonly string[] {
  const [first, second = '', ...others] = argv.slice(2);
  const isUnknown = first === 'help' && second !== '' && !Object.hasOwn(groups, second);
  return isUnknown && !second.startsWith('-') ? [second, ...others] : argv.slice(2);
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
