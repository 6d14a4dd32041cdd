import { chmodSync, mkdirSync, readdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { codeCacheFolder, isOwn } from '../../src/cli/code-cache.ts';
import { makeWorkspace, start, type Workspace } from './mktows.ts';

let workspace: Workspace;
beforeEach(async () => {
  workspace = await makeWorkspace();
});
afterEach(() => workspace.remove());

const run = (env: Record<string, string>) => start(['--version'], { env }).ended;

describe('the cache of compiled code', () => {
  it.each<[env: NodeJS.ProcessEnv, folder: string]>([
    [{}, '/home/me/.cache/mktows'],
    [{ XDG_CACHE_HOME: '/cache' }, '/cache/mktows'],
    [{ XDG_CACHE_HOME: '/cache', CACHE_DIRECTORY: '/var/cache/a:/var/cache/b' }, '/var/cache/a/mktows'],
  ])('of %o is in %s', (env, folder) => {
    expect(codeCacheFolder(env, () => '/home/me')).toBe(folder);
  });

  it('is filled by the first start', async () => {
    const ended = await run({ XDG_CACHE_HOME: workspace.folder });
    expect(ended).toMatchObject({ status: 0, err: '' });
    expect(readdirSync(workspace.path('mktows'))).not.toEqual([]);
  });

  it('is left alone where others could write to it', async () => {
    const folder = workspace.path('mktows');
    mkdirSync(folder);
    chmodSync(folder, 0o777);
    expect(isOwn(folder)).toBe(process.platform === 'win32');
    const ended = await run({ XDG_CACHE_HOME: workspace.folder });
    expect(ended).toMatchObject({ status: 0, err: '' });
    if (process.platform !== 'win32') expect(readdirSync(folder)).toEqual([]);
  });

  it('is done without where it cannot be written', async () => {
    expect(await run({ XDG_CACHE_HOME: '/dev/null' })).toMatchObject({ status: 0, err: '' });
  });
});
