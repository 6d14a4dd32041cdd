import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { API_PATH, CONSOLE_PATH } from '../admin/paths.ts';
import { readToken } from '../admin/token.ts';
import { shortened } from '../contract/shortened.ts';
import { defaultTokenFile } from './admin.ts';
import { CommandFailure } from './failure.ts';
import { addOptions, type ValuesOf, valuesOf } from './option.ts';
import { openOptions } from './options.ts';
import { printLine } from './output.ts';

/** Adds `mktows open`. */
export function addOpen(program: Command): void {
  addOptions(
    program.command('open').description('Open the console of a running server in a browser, logged in.'),
    openOptions,
  ).action(async (_options, command: Command) => open(valuesOf(command, openOptions)));
}

async function open(values: ValuesOf<typeof openOptions>): Promise<void> {
  const { origin } = new URL(values.url);
  const code = await makeCode(origin, await tokenOf(values));
  const url = `${origin}${CONSOLE_PATH}/login#code=${code}`;
  if (!values.print && (await startBrowser(url))) printLine(`Opened ${origin}${CONSOLE_PATH}/`);
  else printLine(`Open this within a minute; it works once: ${url}`);
}

async function tokenOf({ database, adminTokenFile }: ValuesOf<typeof openOptions>): Promise<string> {
  const file = adminTokenFile ?? defaultTokenFile(database);
  if (file === undefined)
    throw new CommandFailure(
      'a database in memory has no file for the token: name one with --admin-token-file',
    );
  // Reading would make the file, and with it a token that no server knows.
  if (!existsSync(file)) {
    throw new CommandFailure(
      `there is no admin token file ${file}: start a server first, or name its database with --database or the file with --admin-token-file`,
    );
  }
  return readToken(file);
}

/** Lets the server make a code that logs one browser in. */
async function makeCode(origin: string, token: string): Promise<string> {
  const address = `${origin}${API_PATH}/session/codes`;
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  let response: Response;
  try {
    response = await fetch(address, { method: 'POST', headers, signal: AbortSignal.timeout(10_000) });
  } catch {
    throw new CommandFailure(`no server answers at ${origin}: start one, or name it with --url`);
  }
  const text = await response.text();
  if (response.status === 404)
    throw new CommandFailure(`${origin} has no admin API: it may have another port (--admin-port) or be off`);
  if (response.status === 401) {
    throw new CommandFailure(
      `${origin} does not accept this token: it belongs to a server with another database; name it with --database or --admin-token-file`,
    );
  }
  if (!response.ok)
    throw new CommandFailure(`${address} answered ${response.status}: ${shortened(text, 300)}`);
  return (JSON.parse(text) as { code: string }).code;
}

/** Returns the program that opens URLs on this platform; undefined: there is no screen. */
function opener(): readonly [program: string, ...words: string[]] | undefined {
  const { platform, env } = process;
  if (platform === 'darwin') return ['open'];
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler'];
  return env.DISPLAY || env.WAYLAND_DISPLAY || env.BROWSER ? ['xdg-open'] : undefined;
}

/** Resolves to whether a browser was started. */
async function startBrowser(url: string): Promise<boolean> {
  const [program, ...words] = opener() ?? [];
  if (program === undefined) return false;
  const child = spawn(program, [...words, url], { stdio: 'ignore', detached: true });
  return new Promise((resolve) => {
    // Some wait until the browser is closed.
    const timer = setTimeout(() => {
      child.unref();
      resolve(true);
    }, 3000);
    const end = (hasStarted: boolean) => {
      clearTimeout(timer);
      resolve(hasStarted);
    };
    child.once('error', () => end(false));
    child.once('exit', (status) => end(status === 0));
  });
}
