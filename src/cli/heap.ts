import { isSea } from 'node:sea';
import { parseArgs } from 'node:util';
import { isPostgresUrl } from '../store/postgres/location.ts';

/**
 * V8 flags of servers. Numbers in MB.
 *
 * Semi-space size: V8's default maximum is four times as large, which costs 20 to 30 MB under load without being
 * faster. With a fixed minimum, V8 does not shrink it while the server is idle; a shrunk space makes the first 0.5 s
 * of calls 20 % slower. `--no-flush-bytecode` keeps compiled functions, for 3 MB: otherwise, after 20 s of idling,
 * the next second of calls takes 3 to 10 % more CPU. Initial old space: by default V8 first collects old objects at
 * 512 MB, so a few large answers in a row would leave that much garbage.
 */
export const HEAP_FLAGS = [
  '--min-semi-space-size=8',
  '--max-semi-space-size=8',
  '--no-flush-bytecode',
  '--initial-old-space-size=64',
] as const;

/**
 * V8 flags of `mktows sync`, whose heap grows with the rows: a few bytes for each stay until the end. By default V8
 * lets garbage double the heap before it collects; with these flags the heap exceeds what is in use by 30 %.
 */
export const SYNC_FLAGS = [
  '--max-semi-space-size=4',
  '--initial-old-space-size=64',
  '--heap-growing-percent=30',
] as const;

/** Limits glibc to two malloc arenas instead of one for each of Node's dozen threads. Saves another 15 MB. */
export const HEAP_ENVIRONMENT = { MALLOC_ARENA_MAX: '2' } as const;

const isGiven = (options: readonly string[]) =>
  options.some((option) => option.replaceAll('_', '-').startsWith('--max-semi-space-size'));

/**
 * Returns whether the command line, or else the environment, names a PostgreSQL database. Runs before options are
 * parsed.
 */
export async function namesPostgres(
  words: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<boolean> {
  const { database, config } = parseArgs({
    args: [...words],
    options: { database: { type: 'string' }, config: { type: 'string' } },
    strict: false,
  }).values;
  const file = config || environment.MKTOWS_CONFIG;
  const named =
    database ?? (environment.MKTOWS_DATABASE || (file === undefined ? '' : await databaseIn(String(file))));
  return isPostgresUrl(String(named));
}

async function databaseIn(configFile: string): Promise<unknown> {
  const { readConfigContent } = await import('./config-content.ts');
  try {
    return readConfigContent(configFile).database;
  } catch {
    // The command reports it.
    return undefined;
  }
}

/** Returns the flags that a command line calls for; undefined: those of V8. */
async function flagsFor(
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<readonly string[] | undefined> {
  if (argv[2] === 'sync') return SYNC_FLAGS;
  return argv[2] === 'serve' && !(await namesPostgres(argv, env)) ? HEAP_FLAGS : undefined;
}

/**
 * Restarts `mktows serve` and `mktows sync` with the flags and environment above, which take effect only at process
 * start. `execve` keeps the pid, arguments, input and output, and takes about 25 ms; variables that are already set win.
 *
 * Does nothing for PostgreSQL, where more calls are in memory at once (8 MB would save 20 to 40 MB but take 1.25 to
 * 1.3 times the CPU); if the semi-space size is already set, by the user or by this function; if an IPC channel is
 * open, since it would be lost; on Windows, which lacks `execve`; and as process 1 of a container, for which the kernel
 * drops signals until the restarted program has handlers again.
 */
export async function restartWithHeapFlags(): Promise<void> {
  const { execArgv, execPath, argv, env } = process;
  const flags = await flagsFor(argv, env);
  if (flags === undefined || process.execve === undefined || process.connected || process.pid === 1) return;
  // An executable ignores NODE_OPTIONS, takes flags of Node in one word, and names itself twice.
  const inEnvironment = isSea() ? '' : (env.NODE_OPTIONS ?? '');
  if (isGiven([...execArgv, ...inEnvironment.split(/\s+/)])) return;
  const all = [...flags, ...execArgv];
  const words = isSea() ? [`--node-options=${all.join(' ')}`, ...argv.slice(2)] : [...all, ...argv.slice(1)];
  process.execve(execPath, [execPath, ...words], { ...HEAP_ENVIRONMENT, ...env });
}
