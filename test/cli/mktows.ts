import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { vi } from 'vitest';
import { run } from '../../src/cli/program.ts';

/** The source file of the command. */
export const mainFile = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

/** A folder of its own for the databases of a test. */
export interface Workspace {
  readonly folder: string;
  /** The URL of a database in it. */
  readonly database: string;
  path(name: string): string;
  remove(): Promise<void>;
}

export async function makeWorkspace(): Promise<Workspace> {
  const folder = await mkdtemp(join(tmpdir(), 'mktows-cli-'));
  const path = (name: string) => join(folder, name);
  return {
    folder,
    database: `sqlite:${path('test.db')}`,
    path,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

export interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** A command that runs. `line` resolves to the first line of its standard output that fits. */
export interface Running {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
  line(pattern: RegExp): Promise<RegExpExecArray>;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Record<string, string>;
  readonly input?: string;
}

/** This process's environment without the variables of mktows. */
export const plainEnvironment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('MKTOWS_')));

/** Starts `mktows` with these arguments, in an environment without MKTOWS_ variables but those of `env`. */
export function start(args: readonly string[], { cwd, env = {}, input = '' }: RunOptions = {}): Running {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', mainFile, ...args], {
    cwd: cwd ?? tmpdir(),
    env: { ...plainEnvironment(), ...env },
  });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  child.stdin.end(input);
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (status) => resolve({ status, out, err }));
  });
  return {
    process: child,
    ended,
    line: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = pattern.exec(out);
          if (found) resolve(found);
        };
        child.stdout.on('data', look);
        child.once('close', () => reject(new Error(`ended without ${pattern}\n${out}\n${err}`)));
        look();
      }),
  };
}

/**
 * Runs `mktows` with these arguments inside the test's own process, which takes a tenth of the time: for commands
 * that end by themselves and read no standard input.
 */
export async function mktows(
  args: readonly string[],
  { env = {} }: Pick<RunOptions, 'env'> = {},
): Promise<Ended> {
  const written = { out: '', err: '' };
  const catching = (to: keyof typeof written) => (text: string | Uint8Array) => {
    written[to] += String(text);
    return true;
  };
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(catching('out')),
    vi.spyOn(process.stderr, 'write').mockImplementation(catching('err')),
  ];
  const { exitCode } = process;
  for (const name of Object.keys(process.env)) if (name.startsWith('MKTOWS_')) vi.stubEnv(name, undefined);
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  try {
    await run(['node', 'mktows', ...args]);
    return { status: Number(process.exitCode ?? 0), ...written };
  } finally {
    process.exitCode = exitCode;
    vi.unstubAllEnvs();
    for (const spy of spies) spy.mockRestore();
  }
}
