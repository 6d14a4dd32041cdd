import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startMktows, type TestServer, type TestServerOptions } from '../../src/testing/index.ts';
import { makeWorkspace, mktows, type Running, start, type Workspace } from './mktows.ts';

const instance = {
  fields: { Opportunity: [{ name: 'FSOpportunityID', dataType: 'string' as const }] },
  companies: [{ id: 5, name: 'ACME', externalKeys: { Code: 'C5' } }],
  leads: [{ id: 19, email: 'a@example.com', attributes: { FSPID: 'P19' } }],
};

let workspace: Workspace;
let server: TestServer;
beforeEach(async () => {
  workspace = await makeWorkspace();
  await serve();
});
afterEach(async () => {
  await server.close();
  await workspace.remove();
});

async function serve(options: TestServerOptions = {}): Promise<void> {
  await server?.close();
  server = await startMktows({ instance, ...options });
}

const environment = () => ({
  MKTOWS_ENDPOINT: server.endpoint,
  MKTOWS_USER: server.userId,
  MKTOWS_SECRET: server.secret,
});

/** Writes a file and syncs it. */
async function sync(name: string, text: string | Uint8Array, ...options: string[]) {
  await writeFile(workspace.path(name), text);
  return mktows(['sync', workspace.path(name), ...options], { env: environment() });
}

const attributes = async () => (await server.objects('Opportunity')).map((object) => object.attributes);
const keyed = ['--map', 'Opportunity ID=FSOpportunityID', '--external-key', 'Opportunity ID'];

/** The results by row, without the other lines of the file. */
async function resultsIn(path: string): Promise<string[][]> {
  const [, ...lines] = (await readFile(path, 'utf8')).trimEnd().split('\n');
  return lines
    .map((line) => [...line.split(',').slice(0, 5), line.split(',').slice(5).join(',')])
    .filter(([, , status = '']) => !['BEGUN', 'SENT'].includes(status));
}

describe('mktows sync', () => {
  it('loads 10,000 opportunities of a CRM export, which come back equal', async () => {
    const day = (number: number) => `2026-${String((number % 12) + 1).padStart(2, '0')}-28`;
    const lines = Array.from({ length: 10_000 }, (_, number) =>
      [
        `"Deal ""${number}"", big"`,
        `006${number}`,
        `${(number % 12) + 1}/28/2026`,
        `"$${1 + (number % 9)},${String(number % 1000).padStart(3, '0')}.50"`,
        number % 2 ? 'Yes' : 'No',
        `${number % 101}%`,
        'C5',
      ].join(','),
    );
    const header = 'Opportunity Name,Opportunity ID,Close Date,Amount,Is Won,Probability (%),Account Code';
    const file = `\uFEFF${[header, ...lines].join('\r\n')}`;
    const { status, out } = await sync('crm.csv', file, ...keyed, '--map', 'Account Code=Company.Code');
    expect([status, out]).toEqual([0, 'CREATED\t10000\nrows\t10000\n']);

    const objects = await server.objects('Opportunity');
    const byKey = new Map(objects.map((object) => [object.attributes?.FSOpportunityID, object]));
    expect(objects).toHaveLength(10_000);
    for (let number = 0; number < 10_000; number += 1) {
      const object = byKey.get(`006${number}`);
      expect(object).toMatchObject({
        companyId: 5,
        attributes: {
          Name: `Deal "${number}", big`,
          CloseDate: day(number),
          Amount: (1 + (number % 9)) * 1000 + (number % 1000) + 0.5,
          IsWon: number % 2 === 1,
          Probability: number % 101,
        },
      });
    }
  }, 180_000);

  it.each([
    ['deals.tsv', 'Name\tAmount\nA\t1\n'],
    ['deals.ndjson', '{"Name":"A","Amount":1}\n'],
    ['deals.json', '[{"Name":"A","Amount":1}]'],
    ['deals.csv', Buffer.from('\uFEFFName;Amount\nA;1\n', 'utf16le')],
  ])('reads %s', async (name, text) => {
    expect((await sync(name, text)).out).toBe('CREATED\t1\nrows\t1\n');
    expect(await attributes()).toEqual([{ Name: 'A', Amount: 1 }]);
  });

  it('reads standard input', async () => {
    const { ended } = start(['sync', '-', '--format', 'csv'], { env: environment(), input: 'Name\nA\n' });
    expect(await ended).toMatchObject({ status: 0, out: 'CREATED\t1\nrows\t1\n' });
  });

  it('links roles by id and by key', async () => {
    await sync('deals.csv', 'Name,FSOpportunityID\nA,O1\n', '--external-key', 'FSOpportunityID');
    const roles = 'Opportunity.FSOpportunityID,Lead.FSPID,Role\nO1,P19,Buyer\n';
    const { out } = await sync('roles.csv', roles, '--type', 'OpportunityPersonRole');
    expect(out).toBe('CREATED\t1\nrows\t1\n');
    expect(await server.objects('OpportunityPersonRole')).toMatchObject([{ opportunityId: 1, leadId: 19 }]);
  });

  it('reports malformed and refused rows with their lines, loads the others, and ends with 1', async () => {
    const file = 'Name,Amount,Company.id\nA,1,\n"B,2,\nC,three,\nD,4,77\nE,5,5\n';
    const results = workspace.path('results.csv');
    const { status, out, err } = await sync('deals.csv', file, '--results', results);
    expect([status, out]).toEqual([1, 'CREATED\t2\nFAILED\t3\nrows\t5\n']);
    expect(err).toContain('line 3: FAILED a quote is opened and not closed');
    expect(err).toContain('line 4: FAILED Amount: "three"; expected a decimal number');
    expect(await resultsIn(results)).toEqual([
      ['1', '2', 'CREATED', '1', '', ''],
      ['2', '3', 'FAILED', '', '', 'a quote is opened and not closed'],
      ['3', '4', 'FAILED', '', '', expect.stringContaining('Amount')],
      ['4', '5', 'FAILED', '', '', expect.stringContaining('77')],
      ['5', '6', 'CREATED', '2', '', ''],
    ]);
  });

  it('ends before it sends anything if a column is unknown', async () => {
    const { status, err } = await sync('deals.csv', 'Name,Amuont\nA,1\n');
    expect(status).toBe(1);
    expect(err).toContain('did you mean Amount?');
    expect(await attributes()).toEqual([]);
  });

  it('checks everything and sends nothing with --dry-run', async () => {
    const { status, out } = await sync(
      'deals.csv',
      'Name,Close Date\nA,3/31/2026\nB,31/3/2026\n',
      '--dry-run',
    );
    expect(status).toBe(1);
    expect(out).toMatch(
      /^Name\tName\nClose Date\tCloseDate\nline 3\tCloseDate: "31\/3\/2026"; .*\nREADY\t1\nFAILED\t1\n/,
    );
    expect(server.calls().map(({ operation }) => operation)).toEqual(['describeMObject']);
  });

  it('applies rows of one key in their order, whatever the calls at once', async () => {
    const rows = Array.from({ length: 900 }, (_, number) => `K${number % 7},${number}`);
    const file = `FSOpportunityID,Amount\n${rows.join('\n')}\n`;
    server.failNext({ operation: 'syncMObjects', delay: 300 });
    await sync('deals.csv', file, '--external-key', 'FSOpportunityID', '--concurrency', '8');
    const amounts = (await attributes()).map((values) => [values?.FSOpportunityID, values?.Amount]);
    const expected = Array.from({ length: 7 }, (_, key) => [`K${key}`, 899 - ((899 - key) % 7)]);
    expect(amounts.sort()).toEqual(expected);
  });

  it('clears fields with null of JSON, and with --empty clear', async () => {
    const key = ['--external-key', 'FSOpportunityID'];
    const clearing = [
      ['a.ndjson', '{"FSOpportunityID":"K","Stage":null}\n', key],
      ['b.csv', 'FSOpportunityID,Stage\nK,\n', [...key, '--empty', 'clear']],
    ] as const;
    for (const [name, text, options] of clearing) {
      await sync('there.csv', 'FSOpportunityID,Stage\nK,Open\n', ...key);
      await sync('kept.csv', 'FSOpportunityID,Stage\nK,\n', ...key);
      expect(await attributes()).toEqual([{ FSOpportunityID: 'K', Stage: 'Open' }]);
      await sync(name, text, ...options);
      expect(await attributes()).toEqual([{ FSOpportunityID: 'K' }]);
    }
  });

  it("waits for the server's limits", async () => {
    await serve({ limitConcurrency: 1 });
    server.failNext({ operation: 'syncMObjects', fault: 20023, times: 2 });
    const rows = Array.from({ length: 1_000 }, (_, number) => `Deal ${number}`);
    const { out } = await sync('deals.csv', `Name\n${rows.join('\n')}\n`, '--concurrency', '4');
    expect(out).toBe('CREATED\t1000\nrows\t1000\n');
  });

  it('finds the row that the server refuses a call for', async () => {
    await serve({ schema: 'open' });
    const rows = Array.from(
      { length: 20 },
      (_, number) => `${number},${number === 7 ? 'x'.repeat(900_000) : 'x'}`,
    );
    const small = await sync('deals.csv', `Name,Note\n${rows.join('\n')}\n`, '--unknown', 'send');
    expect(small.out).toBe('CREATED\t19\nFAILED\t1\nrows\t20\n');
  });

  it.each([
    ['deals.xlsx', 'expected no spreadsheet, but CSV in UTF-8'],
    ['deals', 'its format cannot be told by a name; say --format csv, tsv, ndjson or json'],
  ])('says what to do about a file such as %s', async (name, expected) => {
    const { status, err } = await sync(name, 'Name\nA\n');
    expect([status, err]).toEqual([1, expect.stringContaining(expected)]);
  });

  it.each(['DD/MM/YYYY', 'yyyy-MM-ddTHH:mm', '/'])('refuses the form %s of dates', async (form) => {
    const { status, err } = await sync('deals.csv', 'Name\nA\n', '--date-format', form);
    expect([status, err]).toEqual([1, expect.stringContaining('Expected tokens such as dd/MM/yyyy')]);
  });

  it.each([
    'dd/MM/yyyy',
    "d. MMMM yy 'at' H:mm",
    'yyyyMMddHHmm',
    "yyyy-MM-dd'T'HH:mm:ss.SSSZZ",
    'EEE, d MMM yyyy hh:mm a',
  ])('takes the form %s of dates', async (form) => {
    expect((await sync('deals.csv', 'Name\nA\n', '--date-format', form, '--dry-run')).status).toBe(0);
  });

  it('sends nothing if the results file cannot be written', async () => {
    const { status, err } = await sync('deals.csv', 'Name\nA\n', '--results', workspace.path('none/r.csv'));
    expect([status, err]).toEqual([1, expect.stringMatching(/^mktows: --results .*: there is no folder /)]);
    expect(await attributes()).toEqual([]);
  });

  it('stops when the secret is wrong', async () => {
    await writeFile(workspace.path('deals.csv'), 'Name\nA\n');
    const env = { ...environment(), MKTOWS_SECRET: 'wrong' };
    const { status, err } = await mktows(['sync', workspace.path('deals.csv')], { env });
    expect([status, err]).toEqual([1, expect.stringContaining('fault 20014')]);
  });
});

describe('a sync that is ended', () => {
  const total = 3_000;
  const results = () => workspace.path('results.csv');

  /** Starts a sync of `total` rows on a server that takes 50 ms for each call. */
  async function begin(...options: string[]): Promise<Running> {
    const rows = Array.from({ length: total }, (_, number) => `O${number},${number}`);
    const file = workspace.path('deals.csv');
    await writeFile(file, `Opportunity ID,Amount\nbad\n${rows.join('\n')}\n`);
    server.failNext({ operation: 'syncMObjects', delay: 50, times: 100_000 });
    return start(['sync', file, '--results', results(), '--resume', ...keyed, ...options], {
      env: environment(),
    });
  }

  /** Resolves when the results file has so many lines. */
  async function reached(lines: number, { process: child }: Running): Promise<void> {
    while (child.exitCode === null) {
      const text = await readFile(results(), 'utf8').catch(() => '');
      if (text.split('\n').length > lines) return;
      await wait(10);
    }
  }

  async function kill(running: Running, signal: NodeJS.Signals): Promise<void> {
    running.process.kill(signal);
    if (running.process.exitCode === null) await once(running.process, 'close');
  }

  async function expectAll(): Promise<void> {
    const rows = await resultsIn(results());
    expect(rows.map(([row]) => Number(row))).toEqual(Array.from({ length: total + 1 }, (_, row) => row + 1));
    expect(rows[0]).toEqual(['1', '2', 'FAILED', '', '', expect.stringContaining('has 1 values')]);
    const keys = (await attributes()).map((values) => values?.FSOpportunityID);
    expect(keys).toHaveLength(total);
    expect(new Set(keys).size).toBe(total);
  }

  it('has every row once when it is killed and resumed', async () => {
    for (const lines of [200, 900, 1_700]) {
      const running = await begin();
      await reached(lines, running);
      await kill(running, 'SIGKILL');
    }
    expect((await (await begin()).ended).status).toBe(1);
    await expectAll();
  }, 180_000);

  it('waits for its calls at SIGINT, and is resumed', async () => {
    const running = await begin('--operation', 'INSERT');
    await reached(500, running);
    await kill(running, 'SIGINT');
    const { status, err } = await running.ended;
    expect([status, err]).toEqual([1, expect.stringContaining('--resume')]);
    expect((await (await begin('--operation', 'INSERT')).ended).out).toMatch(/CREATED\t3000\n/);
    await expectAll();
  }, 180_000);

  it('does not send rows of unknown outcome again where they could be there twice', async () => {
    const running = await begin('--operation', 'INSERT');
    await reached(500, running);
    await kill(running, 'SIGKILL');
    // Calls that were under way are applied.
    const resumed = await (await begin('--operation', 'INSERT')).ended;
    const unknown = Number(/UNKNOWN\t(\d+)/.exec(resumed.out)?.[1]);
    const created = Number(/CREATED\t(\d+)/.exec(resumed.out)?.[1]);
    expect(unknown).toBeGreaterThan(0);
    expect(created + unknown).toBe(total);
    const keys = (await attributes()).map((values) => values?.FSOpportunityID);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.length).toBeGreaterThanOrEqual(created);
    // INSERT by key skips what is there, so that these can be sent again when it is asked for.
    const again = await (await begin('--operation', 'INSERT', '--resend-unknown')).ended;
    expect(again.out).not.toContain('UNKNOWN');
    await expectAll();
  }, 180_000);

  it('is not resumed with another file or other options', async () => {
    const running = await begin();
    await reached(300, running);
    await kill(running, 'SIGKILL');
    const other = await (await begin('--decimal', ',')).ended;
    expect([other.status, other.err]).toEqual([1, expect.stringContaining('is of another run')]);
    const again = await sync('deals.csv', 'Name\nA\n', '--results', results());
    expect([again.status, again.err]).toEqual([1, expect.stringContaining('is there already')]);
  }, 180_000);
});
