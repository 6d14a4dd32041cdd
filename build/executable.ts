/**
 * Builds mktows as a single executable, which needs no Node: `npm run build:executable [-- FILE]`. Bundles each program
 * with all that it imports into one module, and lets Node add them to a copy of itself. Made for the platform that it
 * runs on.
 */
import { execFileSync } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';
import { buildConsole } from '../console/build.ts';
import { threadPrograms } from '../src/packaging/thread.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const suffix = process.platform === 'win32' ? '.exe' : '';
const output = resolve(process.argv[2] ?? join(root, `dist/mktows${suffix}`));

/** What `packageFile` can read, as patterns of paths in the package. */
const packageFiles = ['package.json', 'dist/console/**/*.*'];

await buildConsole();
const folder = mkdtempSync(join(tmpdir(), 'mktows-executable-'));
try {
  const bundle = (program: string) => join(folder, `${program.replaceAll('/', '-')}.mjs`);
  for (const program of ['cli/main', ...threadPrograms]) {
    await build({
      input: join(root, `src/${program}.ts`),
      platform: 'node',
      // Some packages have a CommonJS form that bundlers cannot follow.
      resolve: { mainFields: ['module', 'main'] },
      output: { file: bundle(program), format: 'esm', codeSplitting: false },
    });
  }
  const files = globSync(packageFiles, { cwd: root });
  const config = {
    main: bundle('cli/main'),
    mainFormat: 'module',
    output,
    disableExperimentalSEAWarning: true,
    // For the restart with V8 flags, src/cli/heap.ts.
    execArgvExtension: 'cli',
    assets: Object.fromEntries([
      ...threadPrograms.map((program) => [program, bundle(program)]),
      ...files.map((file) => [file.replaceAll('\\', '/'), join(root, file)]),
    ]),
  };
  writeFileSync(join(folder, 'sea.json'), JSON.stringify(config));
  mkdirSync(dirname(output), { recursive: true });
  execFileSync(process.execPath, ['--build-sea', join(folder, 'sea.json')], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  process.stdout.write(`${output}: ${Math.round(statSync(output).size / 1e6)} MB\n`);
} finally {
  rmSync(folder, { recursive: true });
}
