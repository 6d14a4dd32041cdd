import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);
/** npm and its scripts run with the Node of the tests. */
const env = { ...process.env, PATH: `${dirname(process.execPath)}:${process.env.PATH}` };

const MIB = 1024 * 1024;
let folder: string;
let app: string;
let tarball: Buffer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mktows-package-'));
  app = join(folder, 'app');
  await mkdir(app);
  await run('npm', ['pack', '--pack-destination', folder], { cwd: root, env });
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const file = join(folder, `mktows-${version}.tgz`);
  tarball = await readFile(file);
  await writeFile(join(app, 'package.json'), '{ "name": "app", "private": true, "type": "module" }');
  await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', file], { cwd: app, env });
}, 600_000);
afterAll(() => rm(folder, { recursive: true }));

const packed = (path: string) => join(app, 'node_modules/mktows', path);

describe('the package, installed into an empty project', () => {
  it('runs the demo', async () => {
    const words = [
      '--no-install',
      'mktows',
      'demo',
      '--once',
      '--database',
      'sqlite::memory:',
      '--port',
      '0',
    ];
    const { stdout } = await run('npx', words, { cwd: app, env });
    expect(stdout).toContain('CREATED');
  });

  it("runs a test of node:test, with the client and a server: docs/testing.md's", async () => {
    const page = await readFile(packed('docs/testing.md'), 'utf8');
    await writeFile(join(app, 'sync.test.mts'), /^```ts\n((?:.*\n)*?)^```$/m.exec(page)?.[1] ?? '');
    const { stdout } = await run(process.execPath, ['--test', 'sync.test.mts'], { cwd: app, env });
    expect(stdout).toMatch(/pass 1\n/);
  });

  it('exports three modules, and nothing else', async () => {
    const load = (name: string) =>
      run(process.execPath, ['-e', `await import('${name}')`], { cwd: app, env });
    for (const name of ['mktows', 'mktows/client', 'mktows/testing']) await load(name);
    await expect(load('mktows/dist/server/server.js')).rejects.toThrow('ERR_PACKAGE_PATH_NOT_EXPORTED');
  });

  it.each([
    ['node16', 'node16'],
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ])('has types for module %s and resolution %s, without skipLibCheck', async (module, moduleResolution) => {
    const types = join(root, 'test/client/types.ts');
    const text = await readFile(types, 'utf8');
    const file = join(app, 'types.ts');
    await writeFile(file, text.replace(/'[^']*src\/(client|testing)\/index\.ts'/g, "'mktows/$1'"));
    const compilerOptions = {
      ...{ module, moduleResolution, target: 'es2022', strict: true, noEmit: true, skipLibCheck: false },
      ...{ typeRoots: [join(root, 'node_modules/@types')], types: ['node'] },
    };
    await writeFile(join(app, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['types.ts'] }));
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const { stdout } = await run(process.execPath, [tsc, '-p', app], { cwd: app, env }).catch(
      (error) => error,
    );
    expect(stdout).toBe('');
  });

  it('has a README whose links lead to files that it holds', async () => {
    const readme = await readFile(packed('README.md'), 'utf8');
    const links = Array.from(readme.matchAll(/\]\((?!https?:|#)([^)#]+)/g), ([, path = '']) => path);
    expect(links.length).toBeGreaterThan(10);
    expect(links.filter((path) => !existsSync(packed(path)))).toEqual([]);
  });
});

describe('the package', () => {
  it('has no scripts that an installation would run, or warn of', async () => {
    const { scripts } = JSON.parse(await readFile(packed('package.json'), 'utf8'));
    const installing = ['preinstall', 'install', 'postinstall', 'preprepare', 'prepare', 'postprepare'];
    expect(installing.filter((name) => name in scripts)).toEqual([]);
  });

  it('is smaller than 5 MB', () => {
    expect(tarball.length).toBeLessThan(5 * MIB);
  });

  it('has types that resolve as its modules do, for all that can load ES modules', async () => {
    const { problems } = (await checkPackage(createPackageFromTarballData(tarball))) as {
      problems: { kind: string; resolutionKind?: string }[];
    };
    // The package has ES modules only, and resolution of Node 10 knows no exports.
    const isMeant = ({ kind, resolutionKind }: { kind: string; resolutionKind?: string }) =>
      kind === 'CJSResolvesToESM' || resolutionKind === 'node10';
    expect(problems.filter((problem) => !isMeant(problem))).toEqual([]);
  });

  it('is as registries and bundlers expect it', async () => {
    const { messages } = await publint({ pkgDir: packed('.'), pack: false });
    expect(messages).toEqual([]);
  });
});
