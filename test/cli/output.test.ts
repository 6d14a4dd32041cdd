import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../store/embedded-postgres.ts';
import { mainFile, makeWorkspace, mktows, plainEnvironment, type Workspace } from './mktows.ts';

let workspace: Workspace;
beforeAll(async () => {
  workspace = await makeWorkspace();
  await mktows(['migrate', '--create', '--database', workspace.database]);
});
afterAll(() => workspace.remove());

/** Runs mktows in a shell, with `MKTOWS` in place of its command; resolves to its exit status and standard error. */
async function shell(script: string): Promise<{ status: string; err: string }> {
  const command = `MKTOWS() { "$NODE" --disable-warning=ExperimentalWarning "$MAIN" "$@"; }\n${script}`;
  const env = {
    ...plainEnvironment(),
    NODE: process.execPath,
    MAIN: mainFile,
    MKTOWS_DATABASE: workspace.database,
    PORT: String(await freePort()),
    LOG: workspace.path('log'),
  };
  const { stdout, stderr } = await promisify(execFile)('bash', ['-c', command], { env });
  return { status: stdout.trim(), err: stderr };
}

describe('a command whose output nobody reads', () => {
  it.each(['help', 'fields list', 'instance export', 'check', 'migrate --status'])(
    'ends quietly, as a program that SIGPIPE ended: %s',
    async (command) => {
      const { status, err } = await shell(`exec 3> >(true); wait $!; MKTOWS ${command} >&3; echo $?`);
      expect({ status, err }).toEqual({ status: '141', err: '' });
    },
  );
});

describe.skipIf(!existsSync('/dev/full'))('a command whose output cannot be written', () => {
  it.each(['help', 'fields list', 'instance export', 'check'])(
    'ends with status 2 and one line: %s',
    async (command) => {
      const { status, err } = await shell(`MKTOWS ${command} >/dev/full; echo $?`);
      expect(status).toBe('2');
      expect(err).toMatch(/^mktows: cannot write to standard output: ENOSPC[^\n]+\n$/);
    },
  );
});

describe('a server whose output cannot be written', () => {
  /** A server with this redirection of its output, asked whether it is ready, and then told to stop. */
  const serve = (output: string) => `
    (exec "$NODE" "$MAIN" serve --port $PORT --user u1 --secret 'a secret of the tests' ${output} 2>"$LOG") & server=$!
    MKTOWS wait --url http://127.0.0.1:$PORT --timeout 60 >/dev/null && echo ready
    kill $server; wait $server; echo $?; cat "$LOG" >&2`;

  it.skipIf(!existsSync('/dev/full'))('goes on, and says so in its log', async () => {
    const { status, err } = await shell(serve('>/dev/full'));
    expect(status).toBe('ready\n0');
    expect(err).toContain('the first lines could not be written to standard output');
  });

  it('goes on when its reader has gone', async () => {
    const { status } = await shell(`exec 3> >(true); wait $!; ${serve('>&3')}`);
    expect(status).toBe('ready\n0');
  });
});
