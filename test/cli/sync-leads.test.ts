import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startMktows, type TestServer } from '../../src/testing/index.ts';
import { makeWorkspace, mktows, type Running, start, type Workspace } from './mktows.ts';

const instance = {
  fields: { Lead: [{ name: 'Tier', displayName: 'Customer Tier', dataType: 'integer' as const }] },
  leads: [
    { id: 19, email: 'Ann@Example.com', attributes: { FirstName: 'Ann' } },
    { id: 20, email: 'bo@example.com', foreignIds: [{ type: 'SFDC' as const, id: '003A' }] },
  ],
};

let workspace: Workspace;
let server: TestServer;
beforeEach(async () => {
  workspace = await makeWorkspace();
  server = await startMktows({ instance, database: workspace.database });
});
afterEach(async () => {
  await server.close();
  await workspace.remove();
});

const environment = () => ({
  MKTOWS_ENDPOINT: server.endpoint,
  MKTOWS_USER: server.userId,
  MKTOWS_SECRET: server.secret,
});

/** Writes a file of leads and syncs it. */
async function sync(text: string, ...options: string[]) {
  const file = workspace.path('leads.csv');
  await writeFile(file, text);
  return mktows(['sync', file, '--type', 'Lead', ...options], { env: environment() });
}

const leads = async () =>
  (await server.objects('Lead')).map(({ id, email, attributes }) => ({ id, email, ...attributes }));
const syncCalls = () => server.calls().filter(({ operation }) => operation === 'syncMultipleLeads');

describe('mktows sync --type Lead', () => {
  it('understands display names, custom fields and values as people write them', async () => {
    const { status, out } = await sync(
      'First Name,Email Address,Lead Score,Annual Revenue,Date of Birth,Unsubscribed,customer tier\r\n' +
        'Cy,cy@example.com,12,"$1,000.00",3/31/1980,Yes,2\r\n',
    );
    expect([status, out]).toEqual([0, 'CREATED\t1\nrows\t1\n']);
    expect((await leads()).at(-1)).toMatchObject({
      email: 'cy@example.com',
      FirstName: 'Cy',
      LeadScore: 12,
      AnnualRevenue: 1000,
      DateofBirth: '1980-03-31',
      Unsubscribed: true,
      Tier: 2,
    });
  });

  it('finds leads by id, foreign id and address, and writes the address where another key finds the lead', async () => {
    const { out } = await sync(
      'Id,Contact ID,System,Email,First Name\n' +
        ',,, ann@EXAMPLE.com ,Anna\n' +
        '20,,,bob@example.com,Bob\n' +
        ',003A,sfdc,robert@example.com,Robert\n' +
        ',C7,,cy@example.com,Cy\n',
      '--map',
      'Contact ID=ForeignSysPersonId',
      '--map',
      'System=ForeignSysType',
    );
    expect(out).toBe('CREATED\t1\nUPDATED\t3\nrows\t4\n');
    expect(await leads()).toEqual([
      expect.objectContaining({ id: 19, email: 'Ann@Example.com', FirstName: 'Anna' }),
      expect.objectContaining({ id: 20, email: 'robert@example.com', FirstName: 'Robert' }),
      expect.objectContaining({ id: 21, email: 'cy@example.com', FirstName: 'Cy' }),
    ]);
  });

  it('adds leads whose address is known with --dedup none', async () => {
    expect((await sync('Email\nann@example.com\n', '--dedup', 'none')).out).toBe('CREATED\t1\nrows\t1\n');
  });

  it('clears fields with --empty clear', async () => {
    await sync('Email,FirstName\nann@example.com,\n', '--empty', 'clear');
    expect((await leads())[0]).not.toHaveProperty('FirstName');
  });

  it('reports each row with its status, id and error', async () => {
    const results = workspace.path('results.csv');
    const { status, out } = await sync(
      'Id,Email,Lead Score\n,ann@example.com,1\n,cy@example.com,many\n99,,1\n,,5\n',
      '--results',
      results,
    );
    expect([status, out]).toEqual([1, 'UPDATED\t1\nFAILED\t3\nrows\t4\n']);
    expect((await readFile(results, 'utf8')).split('\n')).toEqual([
      'row,line,status,id,key,error',
      '1,2,UPDATED,19,ann@example.com,',
      expect.stringMatching(/^2,3,FAILED,,cy@example.com,"LeadScore: ""many""; expected a whole number/),
      expect.stringMatching(/^3,4,FAILED,99,99,20103 - /),
      '4,5,FAILED,,,"has no Id, ForeignSysPersonId or Email; expected one by which the lead is found"',
      '',
    ]);
  });

  it('checks everything and sends nothing with --dry-run', async () => {
    const { status, out } = await sync(
      'First Name,Email Address,Score\nAnn,a@b.example,x\nCy,,2\n',
      '--dry-run',
      '--map',
      'Score=Lead Score',
    );
    expect([status, out.split('\n').slice(0, 3)]).toEqual([
      1,
      ['First Name\tFirstName', 'Email Address\tEmail', 'Score\tLeadScore'],
    ]);
    expect(out).toContain('line 2\tLeadScore: "x"');
    expect(out).toContain('line 3\thas no Id, ForeignSysPersonId or Email');
    expect(server.calls().map(({ operation }) => operation)).toEqual(['describeMObject']);
  });

  it('applies rows of one lead in their order, whichever key they have and whatever the calls at once', async () => {
    const rows = Array.from({ length: 2_400 }, (_, number) => {
      const lead = number % 7;
      const email = number % 2 ? `Lead${lead}@example.com` : `lead${lead}@EXAMPLE.com`;
      return number % 3 ? `,${email},${number}` : `F${lead},${email},${number}`;
    });
    server.failNext({ operation: 'syncMultipleLeads', delay: 300 });
    await sync(`ForeignSysPersonId,Email,Lead Score\n${rows.join('\n')}\n`, '--concurrency', '8');
    const scores = (await leads())
      .slice(2)
      .map((lead) => [lead.email?.toLowerCase(), (lead as { LeadScore?: number }).LeadScore]);
    expect(scores.sort()).toEqual(
      Array.from({ length: 7 }, (_, lead) => [`lead${lead}@example.com`, 2_399 - ((2_399 - lead) % 7)]),
    );
  });

  it.each(['leads', 'lead', 'LeadRecord'])('takes the type %s for Lead', async (type) => {
    expect((await sync('Email\na@b.example\n', '--type', type, '--dry-run')).out).toContain('READY\t1');
  });

  it('sends calls of 300 leads', async () => {
    const rows = Array.from({ length: 700 }, (_, number) => `lead${number}@example.com`);
    expect((await sync(`Email\n${rows.join('\n')}\n`)).out).toBe('CREATED\t700\nrows\t700\n');
    expect(
      syncCalls()
        .map((call) => call.rows.length)
        .sort(),
    ).toEqual([100, 300, 300]);
  });

  it.each([
    [['--external-key', 'Email'], '--external-key: leads are found by Id, ForeignSysPersonId or Email'],
    [['--operation', 'INSERT'], '--operation INSERT: rows of type Lead take UPSERT only'],
  ])('refuses %j', async (options, expected) => {
    const { status, err } = await sync('Email\na@b.example\n', ...options);
    expect([status, err]).toEqual([1, expect.stringContaining(expected)]);
    expect(server.calls()).toEqual([]);
  });
});

describe('a sync of leads that is killed', () => {
  const total = 6_000;
  const results = () => workspace.path('results.csv');

  async function begin(...options: string[]): Promise<Running> {
    const rows = Array.from({ length: total }, (_, number) => `lead${number}@example.com,${number}`);
    const file = workspace.path('leads.csv');
    await writeFile(file, `Email Address,Lead Score\n${rows.join('\n')}\n`);
    server.failNext({ operation: 'syncMultipleLeads', delay: 50, times: 100_000 });
    return start(['sync', file, '--type', 'Lead', '--results', results(), '--resume', ...options], {
      env: environment(),
    });
  }

  /** Kills the process when the results file has so many lines. */
  async function killAt(lines: number, { process: child }: Running): Promise<void> {
    while (child.exitCode === null) {
      const text = await readFile(results(), 'utf8').catch(() => '');
      if (text.split('\n').length > lines) break;
      await wait(10);
    }
    child.kill('SIGKILL');
    await once(child, 'close');
  }

  it('has every lead once when it is resumed', async () => {
    for (const lines of [400, 2_000]) await killAt(lines, await begin());
    const { status, out } = await (await begin()).ended;
    expect([status, out]).toEqual([0, expect.stringMatching(/rows\t6000\n$/)]);
    const found = (await leads()).slice(2);
    expect(found).toHaveLength(total);
    expect(new Set(found.map(({ email }) => email)).size).toBe(total);
    const rows = (await readFile(results(), 'utf8')).trimEnd().split('\n').slice(1);
    expect(rows.map((row) => Number.parseInt(row, 10))).toEqual(
      Array.from({ length: total }, (_, row) => row + 1),
    );
  }, 180_000);

  it('does not send leads of unknown outcome again with --dedup none', async () => {
    await killAt(700, await begin('--dedup', 'none'));
    const { status, out } = await (await begin('--dedup', 'none')).ended;
    expect([status, out]).toEqual([1, expect.stringMatching(/UNKNOWN\t\d+/)]);
    const emails = (await leads()).slice(2).map(({ email }) => email);
    expect(new Set(emails).size).toBe(emails.length);
  }, 180_000);
});
