import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type Client, createClient } from '../../src/client/index.ts';
import { startMktows, type TestServer, type TestServerOptions } from '../../src/testing/index.ts';

const servers: TestServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function start(options?: TestServerOptions): Promise<{ server: TestServer; client: Client }> {
  const server = await startMktows(options);
  servers.push(server);
  return { server, client: createClient({ ...server, retries: 0 }) };
}

const insert = (client: Client, Name: string) =>
  client.syncMObjects('INSERT', [{ type: 'Opportunity', attributes: { Name } }]);

const instance = {
  fields: { Opportunity: [{ name: 'ContractId', dataType: 'string' as const }] },
  companies: [{ id: 1, name: 'ACME' }],
  opportunities: [{ id: 64, companyId: 1, attributes: { Name: 'There' } }],
};

describe('a test server', () => {
  it('has what the instance says, given as contents or as a file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mktows-testing-'));
    const file = join(folder, 'instance.json');
    await writeFile(file, JSON.stringify(instance));
    for (const given of [instance, file]) {
      const { server, client } = await start({ instance: given });
      expect(await server.objects('Company')).toEqual([{ id: 1, name: 'ACME' }]);
      expect((await insert(client, 'Next'))[0]).toMatchObject({ status: 'CREATED', id: 65 });
    }
    await rm(folder, { recursive: true });
  });

  it('names each mistake of the instance, and does not start', async () => {
    const wrong = startMktows({ instance: { opportunities: [{ id: 1, companyId: 5 }] } });
    await expect(wrong).rejects.toThrow('opportunities[0].companyId: no Company 5');
  });

  it('refuses options that it does not know or understand', async () => {
    await expect(startMktows({ shema: 'open' } as never)).rejects.toThrow(
      'There is no option "shema"; did you mean schema?',
    );
    await expect(startMktows({ schema: 'opne' as never })).rejects.toThrow(
      'schema: Expected strict or open.',
    );
  });

  it('takes the user that it is given', async () => {
    const { server, client } = await start({ user: 'partner_1_ABC', secret: 'x' });
    expect(server).toMatchObject({ userId: 'partner_1_ABC', secret: 'x' });
    await client.listMObjects();
  });

  it('does not share anything with others', async () => {
    const [one, two] = await Promise.all([start(), start()]);
    one.server.failNext({ fault: 20011 });
    one.server.clock.advance(3_600_000);
    await insert(two.client, 'Two');
    expect(await one.server.objects('Opportunity')).toEqual([]);
    expect(one.server.calls()).toEqual([]);
    expect(two.server.calls()).toHaveLength(1);
  });

  it('lets the process end, and its port go', async () => {
    const { server } = await start();
    const { port } = server;
    await server.close();
    await server.close();
    const next = await start({ port });
    expect(next.server.port).toBe(port);
  });
});

describe('calls', () => {
  it('tell row by row what was sent, what became of it and why', async () => {
    const { server, client } = await start({ instance });
    await client.syncMObjects('UPDATE', [
      { type: 'Opportunity', id: 64, attributes: { Name: 'New' } },
      { type: 'Opportunity', id: 99 },
      { type: 'Opportunity', externalKey: { name: 'Bogus', value: 'x' } },
    ]);
    expect(server.calls()).toMatchObject([
      {
        operation: 'syncMObjects',
        mode: 'UPDATE',
        userId: server.userId,
        fault: null,
        rows: [
          {
            type: 'Opportunity',
            id: 64,
            status: 'UPDATED',
            changed: ['Name'],
            sent: { type: 'Opportunity', id: 64, attribList: { attrib: [{ name: 'Name', value: 'New' }] } },
          },
          { id: 99, status: 'SKIPPED', reason: expect.stringContaining('99') },
          {
            status: 'FAILED',
            reason: expect.stringContaining('Bogus'),
            sent: { externalKey: { value: 'x' } },
          },
        ],
      },
    ]);
  });

  it('tell what a stranger was not told', async () => {
    const { server } = await start();
    const stranger = createClient({ ...server, secret: 'another' });
    await expect(stranger.listMObjects()).rejects.toMatchObject({ code: 20014 });
    expect(server.calls()).toMatchObject([
      {
        userId: null,
        fault: {
          code: 20014,
          message: 'Authentication failed',
          reason: expect.stringMatching(/signature.*wrong/),
        },
      },
    ]);
  });

  it('count requests that are no calls, and no WSDL', async () => {
    const { server } = await start();
    await fetch(`${server.endpoint}?WSDL`);
    await fetch(server.endpoint, { method: 'POST', body: 'nothing' });
    expect(server.calls()).toMatchObject([{ operation: null, fault: { code: 20012 } }]);
  });
});

describe('failNext', () => {
  it('answers the next call of an operation with a fault, and applies nothing', async () => {
    const { server, client } = await start();
    server.failNext({ operation: 'syncMObjects', fault: 20011, message: 'The disk is full' });
    await client.listMObjects();
    await expect(insert(client, 'One')).rejects.toMatchObject({
      code: 20011,
      message: expect.stringContaining('The disk is full'),
    });
    expect(await server.objects('Opportunity')).toEqual([]);
    await insert(client, 'One');
  });

  it('delays a call', async () => {
    const { server, client } = await start();
    server.failNext({ delay: 1_000 });
    await expect(client.listMObjects({ timeout: 100 })).rejects.toMatchObject({ reason: 'timeout' });
    await client.listMObjects();
  });

  it.each([
    ['before', 0],
    ['after', 1],
  ] as const)('ends the connection %s the call is applied', async (drop, stored) => {
    const { server, client } = await start();
    server.failNext({ drop });
    await expect(insert(client, 'One')).rejects.toMatchObject({ reason: 'connection' });
    expect(await server.objects('Opportunity')).toHaveLength(stored);
  });

  it('fails as often as was said, in the order that was said', async () => {
    const { server, client } = await start();
    server.failNext({ fault: 20023, times: 2 });
    server.failNext({ fault: 20024 });
    const codes: unknown[] = [];
    for (let call = 0; call < 4; call += 1) codes.push(await client.getTags().catch(({ code }) => code));
    expect(codes).toEqual([20023, 20023, 20024, []]);
  });

  it('refuses what it does not understand', async () => {
    const { server } = await start();
    expect(() => server.failNext({ fault: 500 as never })).toThrow(
      'failNext: fault 500; expected one of 20011,',
    );
    expect(() => server.failNext({} as never)).toThrow('expected a fault, a delay or a drop');
    expect(() => server.failNext({ delay: Number.NaN })).toThrow('delay is NaN; expected milliseconds');
    expect(() => server.failNext({ drop: 'soon' as never })).toThrow(
      'drop is "soon"; expected before or after',
    );
  });
});

describe('reset', () => {
  it('brings objects, ids, calls, failures and clock back to the start', async () => {
    const { server, client } = await start({ instance });
    await insert(client, 'One');
    server.failNext({ fault: 20011 });
    server.clock.set('2030-01-01T00:00:00Z');
    await server.reset();
    expect(server.calls()).toEqual([]);
    expect(server.clock.now().getTime()).toBeLessThan(Date.parse('2030-01-01T00:00:00Z'));
    expect((await insert(client, 'Two'))[0]).toMatchObject({ id: 65 });
    expect((await server.objects('Opportunity')).map(({ attributes }) => attributes?.Name)).toEqual([
      'There',
      'Two',
    ]);
  });

  it('keeps the server working long after', async () => {
    const { server, client } = await start();
    await insert(client, 'One');
    await server.reset();
    // Longer than users are cached.
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    await insert(client, 'Two');
  });

  it('removes what the instance does not name from a database in a file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mktows-testing-'));
    const { server, client } = await start({ instance, database: `sqlite:${join(folder, 'test.db')}` });
    await insert(client, 'One');
    await server.reset();
    expect((await server.objects('Opportunity')).map(({ id }) => id)).toEqual([64]);
    await server.close();
    await rm(folder, { recursive: true });
  });
});

describe('the clock', () => {
  it('gives objects their times, and does not make signatures expire', async () => {
    const { server, client } = await start();
    server.clock.set('2014-03-31T10:00:00Z');
    await insert(client, 'Old');
    server.clock.advance(3_600_000);
    await client.syncMObjects('UPDATE', [{ type: 'Opportunity', id: 1, attributes: { Stage: 'Won' } }]);
    const [old] = await server.objects('Opportunity');
    expect(old?.createdAt).toMatch(/^2014-03-31T10:00:/);
    expect(old?.updatedAt).toMatch(/^2014-03-31T11:00:/);
  });

  it('ends the time of a limit', async () => {
    const { server, client } = await start({ limitRate: 1 });
    await client.listMObjects();
    await expect(client.listMObjects()).rejects.toMatchObject({ code: 20023 });
    server.clock.advance(21_000);
    await client.listMObjects();
  });
});

it('objects of an unknown type are refused', async () => {
  const { server } = await start();
  await expect(server.objects('Campaign' as never)).rejects.toThrow(
    'objects: type "Campaign"; expected one of',
  );
});
