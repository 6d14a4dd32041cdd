import { stat, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeWorkspace, mktows, start, type Workspace } from './mktows.ts';

let workspace: Workspace;
beforeEach(async () => {
  workspace = await makeWorkspace();
});
afterEach(() => workspace.remove());

const adminToken = (...args: string[]) => mktows(['admin-token', '--database', workspace.database, ...args]);

it('the token is made once, beside the database', async () => {
  const { out } = await adminToken();
  expect(out).toMatch(/^mktows_[\w-]{43}\n$/);
  expect((await adminToken()).out).toBe(out);
  expect((await stat(workspace.path('test.db.admin-token'))).mode & 0o777).toBe(0o600);
});

it('the token can be replaced', async () => {
  const { out } = await adminToken();
  const replaced = await adminToken('--rotate');
  expect(replaced.out).not.toBe(out);
  expect((await adminToken()).out).toBe(replaced.out);
});

it('a file of anything else is refused, without its contents', async () => {
  const file = workspace.path('token');
  await writeFile(file, 'too short\n', { mode: 0o600 });
  const { status, err } = await adminToken('--admin-token-file', file);
  expect(status).toBe(1);
  expect(err).toContain('holds no token');
  expect(err).not.toContain('too short');
});

it('a server tells where its token is, and writes neither it nor a wrong one anywhere', async () => {
  const serving = start(['serve', '--port', '0', '--database', workspace.database, '--announce', 'json']);
  const [line] = await serving.line(/^\{.*\}$/m);
  const { admin } = JSON.parse(line) as { admin: { url: string; tokenFile: string } };
  expect(admin.tokenFile).toBe(workspace.path('test.db.admin-token'));
  const token = (await adminToken()).out.trim();
  const statusWith = async (sent: string) =>
    (
      await fetch(`${admin.url}/session/codes`, {
        method: 'POST',
        headers: { authorization: `Bearer ${sent}` },
      })
    ).status;
  expect([await statusWith(token), await statusWith('wrong-wrong-wrong')]).toEqual([200, 401]);
  serving.process.kill();
  const { out, err } = await serving.ended;
  expect(err).toContain('a login to the admin API was refused');
  for (const secret of [token, 'wrong-wrong-wrong']) expect(out + err).not.toContain(secret);
});
