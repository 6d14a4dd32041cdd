import { chmod, readFile, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeWorkspace, mktows, start, type Workspace } from './mktows.ts';

let workspace: Workspace;
beforeEach(async () => {
  workspace = await makeWorkspace();
});
afterEach(() => workspace.remove());

/** A server on the workspace's database, with its address. */
async function serve(run: (url: string) => Promise<void>): Promise<void> {
  const server = start(['serve', '--port', '0', '--database', workspace.database]);
  const [, url = ''] = await server.line(/^Console +(http:\S+)\/console\/ /m);
  try {
    await run(url);
  } finally {
    server.process.kill();
    await server.ended;
  }
}

/** Begins a session with the code of an address, as the console does. */
const begin = (address: string) => {
  const { origin, hash } = new URL(address);
  return fetch(`${origin}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code: new URLSearchParams(hash.slice(1)).get('code') }),
  });
};

const addressIn = (out: string) => /http:\S+$/m.exec(out)?.[0] ?? '';

describe('open', () => {
  it('prints an address that logs one browser in where no browser can be started', () =>
    serve(async (url) => {
      const { out } = await start(['open', '--url', url, '--database', workspace.database], {
        env: { DISPLAY: '', BROWSER: '' },
      }).ended;
      const address = addressIn(out);
      expect(address).toMatch(/\/console\/login#code=[\w-]+$/);
      expect((await begin(address)).status).toBe(200);
      expect((await begin(address)).status).toBe(401);
    }));

  it.skipIf(process.platform !== 'linux')('starts the browser', () =>
    serve(async (url) => {
      const asked = workspace.path('asked');
      const program = workspace.path('xdg-open');
      await writeFile(program, `#!/bin/sh\nprintf '%s' "$1" > '${asked}'\n`);
      await chmod(program, 0o755);
      const words = ['open', '--url', url, '--database', workspace.database];
      const env = { DISPLAY: ':0', PATH: `${workspace.folder}:${process.env.PATH}` };
      expect(await start(words, { env }).ended).toEqual({
        status: 0,
        out: `Opened ${url}/console/\n`,
        err: '',
      });
      expect((await begin(await readFile(asked, 'utf8'))).status).toBe(200);
    }),
  );

  it('says that there is no server', async () => {
    await writeFile(workspace.path('test.db.admin-token'), `${'t'.repeat(40)}\n`, { mode: 0o600 });
    const { status, err } = await mktows([
      'open',
      '--url',
      'http://127.0.0.1:9',
      '--database',
      workspace.database,
    ]);
    expect([status, err]).toEqual([1, expect.stringContaining('no server answers at http://127.0.0.1:9')]);
  });

  it('says that the token is that of another database', () =>
    serve(async (url) => {
      const file = workspace.path('other');
      await writeFile(file, `${'t'.repeat(40)}\n`, { mode: 0o600 });
      const { status, err } = await mktows(['open', '--url', url, '--admin-token-file', file]);
      expect([status, err]).toEqual([1, expect.stringContaining('a server with another database')]);
    }));

  it('makes no token where there is none', async () => {
    const { status, err } = await mktows(['open', '--database', workspace.database]);
    expect([status, err]).toEqual([1, expect.stringContaining('there is no admin token file')]);
    await expect(readFile(workspace.path('test.db.admin-token'))).rejects.toThrow('ENOENT');
  });
});
