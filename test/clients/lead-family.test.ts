import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operationNames } from '../../src/contract/operations.ts';
import type { TestServer } from '../server/test-server.ts';
import { familyCalls, plainAnswer } from './lead-family-calls.ts';
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
