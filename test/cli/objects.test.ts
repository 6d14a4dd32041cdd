import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startMktows, type TestServer } from '../../src/testing/index.ts';
import { mktows } from './mktows.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startMktows({
    instance: {
      fields: { Opportunity: [{ name: 'FSOpportunityID', dataType: 'string' }] },
      companies: [{ id: 5, name: 'ACME' }],
      leads: [
        {
          id: 9,
          email: 'ann@example.com',
          attributes: { FirstName: 'Ann' },
          crmKeys: { SFDCLEADID: '00Q5' },
        },
      ],
      programs: [
        { id: 7, name: 'Event', type: 'Event', channel: 'Webinar', costs: [{ month: '2026-01', amount: 5 }] },
      ],
      channels: { Webinar: [{ status: 'Registered', step: 1, success: true }] },
      opportunities: [
        { id: 1, companyId: 5, attributes: { Name: 'A, "big"', Amount: 10, FSOpportunityID: 'O1' } },
        { id: 2, attributes: { Name: 'B', Amount: 20 } },
        ...Array.from({ length: 150 }, (_, number) => ({
          id: number + 3,
          attributes: { Name: 'C', Amount: 30 },
        })),
      ],
    },
  });
});
afterAll(() => server.close());

const run = (...words: string[]) =>
  mktows(words, {
    env: { MKTOWS_ENDPOINT: server.endpoint, MKTOWS_USER: server.userId, MKTOWS_SECRET: server.secret },
  });

describe('mktows get', () => {
  it.each([
    [['--id', '2'], [2]],
    [['--key', 'FSOpportunityID=O1'], [1]],
    [
      ['--where', 'Amount>=10', '--where', 'Amount<30'],
      [1, 2],
    ],
    [['--association', 'Company.id=5'], [1]],
    [
      ['--limit', '3'],
      [1, 2, 3],
    ],
    [[], Array.from({ length: 152 }, (_, number) => number + 1)],
  ])('finds by %j', async (words, ids) => {
    const { out } = await run('get', 'Opportunity', ...words, '--format', 'json');
    expect((JSON.parse(out) as { id: number }[]).map(({ id }) => id)).toEqual(ids);
  });

  it('prints CSV with all fields, and a table of those that are there', async () => {
    const csv = (await run('get', 'Opportunity', '--id', '1', '--format', 'csv')).out.split('\n');
    expect(csv[0]).toMatch(/^id,Amount,CloseDate,.*,createdAt,updatedAt$/);
    expect(csv[1]).toContain('"A, ""big"""');
    const table = (await run('get', 'Opportunity', '--id', '1')).out;
    expect(table).toContain('FSOpportunityID');
    expect(table).not.toContain('CloseDate');
  });

  it('prints programs with their costs', async () => {
    const [program] = JSON.parse((await run('get', 'Program', '--id', '7', '--format', 'json')).out);
    expect(program).toMatchObject({ id: 7, Name: 'Event', channel: 'Webinar', costs: [{ amount: 5 }] });
  });

  it.each([
    ['--email', 'ann@example.com'],
    ['--id', '9'],
    ['--key', 'sfdcleadid=00Q5'],
  ])('finds a lead by %s', async (...words) => {
    const { out, err } = await run('get', 'lead', ...words, '--format', 'json');
    expect(err).toBe('');
    expect(JSON.parse(out)).toMatchObject([{ id: 9, email: 'ann@example.com', FirstName: 'Ann' }]);
  });

  it('says how leads are found and removed', async () => {
    expect((await run('get', 'Lead')).err).toContain('which leads? Say one of --id, --email and --key');
    expect((await run('get', 'Lead', '--key', 'Name=x')).err).toContain('"Name" is no key of leads');
    expect((await run('delete', 'Lead', '--id', '9')).err).toContain('no SOAP operation deletes leads');
  });

  it('tells the fault of a call', async () => {
    const { status, err } = await run('get', 'Opportunity', '--where', 'Nmae=x');
    expect([status, err]).toEqual([1, expect.stringMatching(/^mktows: fault 20\d+: /)]);
  });
});

describe('a command that calls a server', () => {
  const list = (endpoint: string, secret = server.secret) =>
    mktows(['list'], {
      env: { MKTOWS_ENDPOINT: endpoint, MKTOWS_USER: server.userId, MKTOWS_SECRET: secret },
    });

  it.each<[what: string, endpoint: () => string, expected: string]>([
    [
      'no server',
      () => 'http://127.0.0.1:47/soap/mktows/2_7',
      'nothing listens there: is the server running',
    ],
    [
      'HTTPS where there is none',
      () => server.endpoint.replace('http:', 'https:'),
      'TLS is not spoken there',
    ],
    ['another path', () => new URL('/', server.endpoint).href, 'such as http://HOST:8980/soap/mktows/2_7'],
  ])('says what to do about %s', async (_what, endpoint, expected) => {
    const { status, err } = await list(endpoint());
    expect([status, err]).toEqual([1, expect.stringMatching(/^mktows: [^\n]+\n$/)]);
    expect(err).toContain(expected);
  });

  it('says what to do about a wrong secret', async () => {
    expect((await list(server.endpoint, 'wrong')).err).toContain(
      'fault 20014: Authentication failed. Check user id and secret.',
    );
  });

  it('takes the name of a type in any case', async () => {
    expect((await run('get', 'opportunity', '--id', '2', '--format', 'csv')).out).toContain('B');
    expect((await run('get', 'Deal')).err).toContain(
      'Expected Program, Opportunity, OpportunityPersonRole or Lead',
    );
  });
});

it('mktows describe and list print types and fields', async () => {
  expect((await run('list')).out).toContain('OpportunityPersonRole\n');
  const { out } = await run('describe', 'Opportunity', '--format', 'ndjson');
  expect(out).toContain('"name":"FSOpportunityID"');
});

describe('mktows delete', () => {
  it('prints what became of each object, and ends with 1 if one failed', async () => {
    const { status, out } = await run('delete', 'Opportunity', '--id', '150,99999', '--format', 'csv');
    expect(out.split('\n').slice(0, 2)).toEqual(['object,status,id,error', '150,DELETED,150,']);
    expect([status, out.split('\n')[2]]).toEqual([
      out.includes('FAILED') ? 1 : 0,
      expect.stringContaining('99999'),
    ]);
  });

  it('needs to be told which', async () => {
    expect((await run('delete', 'Opportunity')).err).toContain('--id or --key');
  });
});
