import { execFile } from 'node:child_process';
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
});
