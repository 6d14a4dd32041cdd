import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { phpMissing } from './clients/php.ts';
import { SECRET, startSeededServer, USER_ID } from './clients/seeded-server.ts';
import { reasonToSkip } from './programs.ts';
import type { TestServer } from './server/test-server.ts';

const folder = fileURLToPath(new URL('../examples', import.meta.url));
const file = (name: string) => join(folder, name);
const run = promisify(execFile);
const PYTHON = '/usr/bin/python3';

/** The command of each example, and why it cannot run here. CI installs all of them but Java. */
const examples: readonly [name: string, words: readonly string[], missing: string | undefined][] = [
  ['curl.sh', ['sh', file('curl.sh')], reasonToSkip(['curl', '--version'], 'curl')],
  ['php.php', ['php', '-n', '-d', 'extension=soap', file('php.php')], phpMissing],
  [
    'python_zeep.py',
    [PYTHON, file('python_zeep.py')],
    reasonToSkip([PYTHON, '-c', 'import zeep'], 'python3-zeep'),
  ],
  ['python_plain.py', [PYTHON, file('python_plain.py')], reasonToSkip([PYTHON, '--version'], 'python3')],
  ['perl.pl', ['perl', file('perl.pl')], reasonToSkip(['perl', '-MSOAP::Lite', '-e1'], 'libsoap-lite-perl')],
  ['SyncMObjects.java', ['java', file('SyncMObjects.java')], works('javac', '-version')],
];

/** Returns undefined if a program that CI does not install is there. */
function works(...[program, ...words]: [string, ...string[]]): string | undefined {
  try {
    execFileSync(program, words, { stdio: 'ignore' });
    return undefined;
  } catch {
    return `${program} is not installed`;
  }
}

const CREATED = `Opportunity Example 1: CREATED, id 65
Opportunity Example 2: FAILED, Amount: "a lot"; expected a decimal number, such as 501.00 or 1.0E7
Role: CREATED, id 1
`;

let server: TestServer;
beforeEach(async () => {
  server = await startSeededServer();
});
afterEach(() => server.remove());

async function runExample([program = '', ...words]: readonly string[], secret = SECRET) {
  const { endpoint } = server;
  const env = { ...process.env, MKTOWS_ENDPOINT: endpoint, MKTOWS_USER: USER_ID, MKTOWS_SECRET: secret };
  return run(program, words, { env, timeout: 60_000 });
}

describe('the example', () => {
  for (const [name, words, missing] of examples) {
    it.skipIf(missing)(`${name} syncs rows, prints what became of them, and may be repeated`, async () => {
      expect(await runExample(words)).toEqual({ stdout: CREATED, stderr: '' });
      expect((await runExample(words)).stdout).toBe(CREATED.replaceAll('CREATED', 'UNCHANGED'));
    });

    it.skipIf(missing)(`${name} prints a fault and ends with status 1`, async () => {
      const failed = await runExample(words, 'another secret').catch((error) => error);
      expect(failed.code).toBeGreaterThan(0);
      expect(`${failed.stdout}${failed.stderr}`).toBe('fault: 20014 - Authentication failed\n');
    });
  }

  it('typescript.ts syncs rows, and prints what became of them', async () => {
    const temporary = mkdtempSync(join(tmpdir(), 'mktows-example-'));
    const copy = join(temporary, 'typescript.ts');
    const client = new URL('../src/client/index.ts', import.meta.url).href;
    writeFileSync(copy, readFileSync(file('typescript.ts'), 'utf8').replace('mktows/client', client));
    writeFileSync(join(temporary, 'package.json'), '{ "type": "module" }');
    const { stdout } = await runExample([process.execPath, copy]);
    expect(stdout).toBe(CREATED);
    rmSync(temporary, { recursive: true });
  });

  const rubyMissing = works('ruby', '--version');
  it.skipIf(rubyMissing)('ruby.rb is Ruby', () => {
    expect(execFileSync('ruby', ['-c', file('ruby.rb')], { encoding: 'utf8' })).toBe('Syntax OK\n');
  });
});

it('examples/README.md names every example, and no other', () => {
  const text = readFileSync(file('README.md'), 'utf8');
  const named = Array.from(text.matchAll(/^\| \[[^\]]+\]\(([^)]+)\)/gm), ([, name]) => name);
  expect(named.sort()).toEqual(
    readdirSync(folder)
      .filter((name) => name !== 'README.md')
      .sort(),
  );
});
