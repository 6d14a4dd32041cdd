import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sendDemoCalls } from '../src/cli/demo-calls.ts';
import { createClient } from '../src/client/index.ts';
import { sign } from '../src/wire/signature.ts';
import {
  mainFile,
  makeWorkspace,
  mktows,
  plainEnvironment,
  type Running,
  start,
  type Workspace,
} from './cli/mktows.ts';
import { phpMissing, runPhp } from './clients/php.ts';
import { reasonToSkip } from './programs.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const snippet = (language: string) =>
  new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, 'm').exec(readme)?.[1] ?? '';

const PYTHON = '/usr/bin/python3';
const zeepMissing = reasonToSkip([PYTHON, '-c', 'import zeep'], 'python3-zeep');

const user = { userId: 'user_1_A', secret: 'a secret of the tests' };
let workspace: Workspace;
let running: Running;
let endpoint: string;
beforeAll(async () => {
  workspace = await makeWorkspace();
  // The example of docs/client.md adds a lead to this list.
  const instance = { ...JSON.parse(snippet('json')), lists: [{ name: 'Newsletter' }] };
  writeFileSync(workspace.path('instance.json'), JSON.stringify(instance));
  const env = { MKTOWS_USER: user.userId, MKTOWS_SECRET: user.secret };
  const args = ['serve', '--port', '0', '--log-level', 'silent', '--instance', 'instance.json'];
  running = start(args, { cwd: workspace.folder, env });
  [, endpoint = ''] = await running.line(/^Endpoint +(\S+)$/m);
});
afterAll(async () => {
  running.process.kill('SIGKILL');
  await running.ended;
  await workspace.remove();
});

function header() {
  const requestTimestamp = new Date().toISOString();
  const requestSignature = sign(user.secret, user.userId, requestTimestamp);
  return { mktowsUserId: user.userId, requestSignature, requestTimestamp };
}

describe("the README's instance", () => {
  it('has no mistake', async () => {
    const file = workspace.path('instance.json');
    expect(await mktows(['instance', 'check', file])).toMatchObject({ status: 0, err: '' });
  });

  it("holds what the sample calls of Marketo's page need", async () => {
    const client = createClient({ retries: 0, endpoint, ...user });
    const before = { programs: [], roles: [] } as never;
    const results = await sendDemoCalls(client, before);
    expect(results.map(({ status }) => status)).toEqual(['UPDATED', 'CREATED', 'CREATED']);
  });
});

describe("the README's snippet for", () => {
  it.skipIf(phpMissing)('PHP makes a client that is answered', async () => {
    const given = Buffer.from(JSON.stringify(header())).toString('base64');
    const out = await runPhp(`<?php
      $endpoint = '${endpoint}';
      ${snippet('php')}
      $header = new SoapHeader('http://www.marketo.com/mktows/', 'AuthenticationHeader',
        json_decode(base64_decode('${given}')));
      echo count($client->__soapCall('listMObjects', [[]], null, $header)->result->objects);`);
    expect(Number(out)).toBeGreaterThan(2);
  });

  it.skipIf(zeepMissing)('Python makes a client whose call is answered', async () => {
    const params = {
      mObjectList: {
        mObject: [{ type: 'Opportunity', attribList: { attrib: [{ name: 'Name', value: 'From Python' }] } }],
      },
      operation: 'INSERT',
    };
    const code = [
      'import json, sys, zeep',
      'endpoint, header, paramsSyncMObjects = (json.loads(word) for word in sys.argv[1:])',
      snippet('python').replace('client.service.sync', 'answer = client.service.sync'),
      'print(answer)',
    ].join('\n');
    const words = [endpoint, header(), params].map((given) => JSON.stringify(given));
    const { stdout } = await promisify(execFile)(PYTHON, ['-c', code, ...words]);
    expect(stdout).toContain('CREATED');
  });
});

/** Runs a snippet in which the package's modules are those of the source. `given`: variables that it uses. */
async function runModule(text: string, given: string, result: string): Promise<string> {
  const source = (name: string) => new URL(`../src/${name}`, import.meta.url).href;
  const code = text
    .replaceAll("'mktows/client'", `'${source('client/index.ts')}'`)
    .replaceAll("'mktows/testing'", `'${source('testing/index.ts')}'`)
    .replaceAll("'mktows'", `'${source('index.ts')}'`);
  const file = workspace.path(`snippet-${Date.now()}.mts`);
  writeFileSync(file, `${given}\n${code}\n${result}`);
  const { stdout } = await promisify(execFile)(process.execPath, [file], { cwd: workspace.folder });
  return stdout;
}

const page = (name: string) => readFileSync(new URL(`../docs/${name}.md`, import.meta.url), 'utf8');
const firstOf = (text: string, language: string) =>
  new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, 'm').exec(text)?.[1] ?? '';

describe('the snippet in TypeScript or JavaScript', () => {
  const credentials = () => `const { endpoint, userId, secret } = ${JSON.stringify({ endpoint, ...user })};`;

  it('of the client in the README', async () => {
    const out = await runModule(snippet('ts'), credentials(), 'console.log(result.status)');
    expect(out).toBe('CREATED\n');
  });

  it('of the test server in the README', async () => {
    expect(await runModule(snippet('js'), '', 'console.log(opportunities)')).toBe('[]\n');
  });

  it('of docs/client.md', async () => {
    const out = await runModule(firstOf(page('client'), 'ts'), credentials(), '');
    expect(out).toMatch(/^CREATED \d+\n(?:\d+ .*\n)*\d+ Q1 2014 2000\n/);
  });

  it('of docs/testing.md', async () => {
    expect(await runModule(firstOf(page('testing'), 'ts'), '', '')).toContain('an opportunity arrives');
  });
});

describe("the README's command", () => {
  const commands = Array.from(
    readme.matchAll(/^ {4}npm run (?:-s )?mktows -- (.*?)(?: {2,}#.*)?$/gm),
    ([, words = '']) => words,
  ).filter((words) => !/^(serve|copy|open)/.test(words));

  it('is shown for what comes after the first start', () => {
    expect(commands.length).toBeGreaterThan(5);
  });

  it.each(commands)('mktows %s works', async (words) => {
    const script = `"$NODE" --disable-warning=ExperimentalWarning "$MAIN" ${words.replace('http://127.0.0.1:8980', endpoint)}`;
    const env = { ...plainEnvironment(), NODE: process.execPath, MAIN: mainFile };
    const { stderr } = await promisify(execFile)('bash', ['-c', script], { cwd: workspace.folder, env });
    expect(stderr).toBe('');
  });
});
