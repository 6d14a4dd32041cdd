import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeWorkspace, start, type Workspace } from './mktows.ts';

let workspace: Workspace;
beforeEach(async () => {
  workspace = await makeWorkspace();
});
afterEach(() => workspace.remove());

const statuses = (out: string) => out.match(/CREATED|UPDATED|UNCHANGED|SKIPPED|FAILED/g);

describe('demo', () => {
  it('--once answers the three calls, and on the same database what has become of them', async () => {
    const first = await start(['demo', '--once'], { cwd: workspace.folder }).ended;
    expect(first).toMatchObject({ status: 0, err: '' });
    expect(statuses(first.out)).toEqual(['UPDATED', 'CREATED', 'CREATED']);
    const second = await start(['demo', '--once'], { cwd: workspace.folder }).ended;
    expect(second).toMatchObject({ status: 0, err: '' });
    expect(statuses(second.out)).toEqual(['UNCHANGED', 'CREATED', 'SKIPPED']);
  });

  it('stays up, and its curl snippet works as it is printed', async () => {
    const demo = start(['demo', '--port', '0'], { cwd: workspace.folder });
    const [, snippet = ''] = await demo.line(/Call it from a shell:\n\n([\s\S]*?\nXML\n)/);
    const { stdout } = await promisify(execFile)('sh', ['-c', snippet]);
    expect(stdout).toContain('<status>CREATED</status>');
    demo.process.kill('SIGTERM');
    expect((await demo.ended).status).toBe(0);
  });

  it('shows its settings in the admin API, without the secret', async () => {
    const demo = start(['demo', '--port', '0'], { cwd: workspace.folder });
    const [, endpoint = ''] = await demo.line(/^Endpoint +(\S+)/m);
    await demo.line(/Press Ctrl-C/);
    const token = await readFile(join(workspace.folder, 'mktows-demo.db.admin-token'), 'utf8');
    const headers = { authorization: `Bearer ${token.trim()}` };
    const answer = await fetch(new URL('/api/v1/settings', endpoint), { headers });
    const { items } = (await answer.json()) as { items: { option: string; value: string }[] };
    demo.process.kill('SIGTERM');
    await demo.ended;
    const valueNow = (name: string) => items.find(({ option }) => option === name)?.value;
    expect(['--log-level', '--allow-reset', '--secret'].map(valueNow)).toEqual([
      'warn',
      'true',
      '(not shown)',
    ]);
  });
});
