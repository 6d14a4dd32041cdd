import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operationNames } from '../../src/contract/operations.ts';
import { reasonToSkip } from '../programs.ts';
import type { TestServer } from '../server/test-server.ts';
import { clientProgram, runClient } from './client-program.ts';
import { javaMissing, runJava } from './java.ts';
import { familyCalls, plainAnswer, typedAnswer } from './lead-family-calls.ts';
import { createNodeClient } from './node-client.ts';
import { phpMissing, runScript } from './php.ts';
import { seedLeadFamily } from './seeded-leads.ts';
import { startSeededServer } from './seeded-server.ts';

async function startFamilyServer(): Promise<TestServer> {
  const server = await startSeededServer();
  await seedLeadFamily(server.store);
  return server;
}

const cases = familyCalls.map(({ name, expected }, index) => [name, index, expected] as const);

describe('node-soap', () => {
  const results: unknown[] = [];
  let server: TestServer;
  beforeAll(async () => {
    server = await startFamilyServer();
    const client = await createNodeClient(server);
    for (const { operation, params } of familyCalls) {
      const [result] = await client[`${operation}Async`](typed(params)).catch(
        ({ root }: { root: { Envelope: { Body: { Fault: object } } } }) => [root.Envelope.Body.Fault],
      );
      results.push(result.result ?? result.leadActivityList ?? result);
    }
  });
  afterAll(() => server.remove());

  it.each(cases)('%s', (_name, index, expected) => {
    expect(plainAnswer(results[index])).toEqual(expected);
  });
});

describe.skipIf(phpMissing)("PHP's SoapClient", () => {
  let results: unknown[];
  beforeAll(async () => {
    const server = await startFamilyServer();
    const calls = familyCalls.map(({ operation, params }) => [operation, params]);
    results = (await runScript('lead-family.php', server, calls)) as unknown[];
    await server.remove();
  });

  it.each(cases)('%s', (_name, index, expected) => {
    expect(plainAnswer(results[index])).toEqual(expected);
  });
});

const PYTHON = '/usr/bin/python3';
const programs: readonly [
  name: string,
  command: readonly [string, ...string[]],
  missing: string | undefined,
][] = [
  [
    "Python's zeep",
    [PYTHON, clientProgram('python/lead_family.py')],
    reasonToSkip([PYTHON, '-c', 'import zeep'], 'python3-zeep'),
  ],
  [
    "Perl's SOAP::Lite",
    ['perl', clientProgram('perl/lead-family.pl')],
    reasonToSkip(['perl', '-MSOAP::Lite', '-e1'], 'libsoap-lite-perl'),
  ],
];

describe.each(programs)('%s', (_program, command, missing) => {
  let results: unknown[];
  beforeAll(async () => {
    if (missing !== undefined) return;
    const server = await startFamilyServer();
    const calls = familyCalls.map(({ operation, params }) => [operation, params]);
    results = (await runClient(command, server, calls)) as unknown[];
    await server.remove();
  });

  it.skipIf(missing).each(cases)('%s', (_name, index, expected) => {
    expect(plainAnswer(typedAnswer(results[index]))).toEqual(expected);
  });
});

describe.skipIf(javaMissing)("Java's JAX-WS", () => {
  let results: unknown[];
  beforeAll(async () => {
    const server = await startFamilyServer();
    results = await runJava(
      server,
      familyCalls.map(({ operation, params }) => [operation, params]),
    );
    await server.remove();
  }, 180_000);

  it.each(cases)('%s', (_name, index, expected) => {
    expect(plainAnswer(typedAnswer(results[index]))).toEqual(expected);
  });
});

it('the calls are of all operations on leads', () => {
  const others = /MObject|getTags|getChannels/;
  const named = operationNames.filter((name) => !others.test(name));
  expect([...new Set(familyCalls.map(({ operation }) => operation))].sort()).toEqual([...named].sort());
  expect(named).toHaveLength(16);
});

/** The parameters with the type of their selector as node-soap takes it. */
function typed(params: object): object {
  if (!('leadSelector' in params)) return params;
  const { type, ...parts } = params.leadSelector as { type: string };
  return { ...params, leadSelector: { attributes: { 'xsi:type': `tns:${type}` }, ...parts } };
}
