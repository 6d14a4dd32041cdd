import { readFile, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exportInstance } from '../../src/instance/export.ts';
import type { Instance } from '../../src/instance/shape.ts';
import { openStore } from '../../src/store/open.ts';
import { makeWorkspace, mktows, start, type Workspace } from './mktows.ts';

const instance: Instance = {
  fields: {
    Opportunity: [{ name: 'FSOpportunityID', dataType: 'string' }],
    Lead: [{ name: 'score', displayName: 'Fan Score', dataType: 'integer' }],
    Company: [{ name: 'Code', dataType: 'string' }],
  },
  tags: { Region: ['North', 'South'] },
  channels: { Webinar: [] },
  companies: [{ id: 5, name: 'ACME', externalKeys: { Code: 'C5' } }],
  leads: [{ id: 19, email: 'a@example.com', attributes: { Phone: '1' } }],
  opportunities: [{ id: 3, attributes: { FSOpportunityID: 'O3', Name: 'Deal' } }],
};

let workspace: Workspace;
beforeEach(async () => {
  workspace = await makeWorkspace();
  await writeFile(workspace.path('instance.json'), JSON.stringify(instance));
  const file = workspace.path('instance.json');
  await mktows(['instance', 'apply', file, '--create', '--database', workspace.database]);
});
afterEach(() => workspace.remove());

async function importText(type: string, lines: readonly string[], ...options: string[]) {
  const file = workspace.path(`${type}.csv`);
  await writeFile(file, lines.join('\n'));
  return mktows(['import', file, '--type', type, '--database', workspace.database, ...options]);
}

/** Leads without the times at which they were written. */
const timeless = ({ leads = [] }: Instance) => leads.map(({ createdAt: _c, updatedAt: _u, ...lead }) => lead);

async function contents(): Promise<Instance> {
  const store = await openStore(workspace.database);
  const found = await exportInstance(store);
  await store.close();
  return found;
}

describe('mktows import', () => {
  it('creates leads with ids that follow the highest, with headers as people write them', async () => {
    const { status, out } = await importText('leads', [
      'E-Mail,Fan Score,Company.Code,attributes.Phone',
      'b@example.com,"1,200",C5,0171',
      'c@example.com,,,',
    ]);
    expect([status, out]).toEqual([0, 'CREATED\t2\nrows\t2\n']);
    expect(timeless(await contents()).slice(1)).toEqual([
      { id: 20, email: 'b@example.com', companyId: 5, attributes: { score: 1200, Phone: '0171' } },
      { id: 21, email: 'c@example.com' },
    ]);
  });

  it('says how a column that is no field becomes an external key', async () => {
    const { status, err } = await importText('companies', ['name,Account', 'Example,A-1']);
    expect([status, err]).toEqual([
      1,
      expect.stringContaining('--map "Account=externalKeys.Account" makes it an external key'),
    ]);
    const sent = await importText(
      'companies',
      ['name,Account', 'Example,A-1'],
      '--map',
      'Account=externalKeys.Account',
    );
    expect([sent.status, sent.out]).toEqual([0, 'CREATED\t1\nrows\t1\n']);
  });

  it('changes the record that an external key means, and keeps what the file does not have', async () => {
    const lines = ['email,Fan Score', 'a@example.com,7', 'new@example.com,8', 'new@example.com,9'];
    const { out } = await importText('leads', lines, '--external-key', 'email');
    expect(out).toBe('CREATED\t1\nUPDATED\t2\nrows\t3\n');
    expect(timeless(await contents())).toEqual([
      { id: 19, email: 'a@example.com', attributes: { Phone: '1', score: 7 } },
      { id: 20, email: 'new@example.com', attributes: { score: 9 } },
    ]);
    expect((await importText('leads', lines.slice(0, 2), '--external-key', 'email')).out).toBe(
      'UNCHANGED\t1\nrows\t1\n',
    );
  });

  it('reads the address of a lead under the display name of its field', async () => {
    expect((await importText('leads', ['Email Address', 'b@example.com'])).out).toBe('CREATED\t1\nrows\t1\n');
    expect(timeless(await contents()).at(-1)).toEqual({ id: 20, email: 'b@example.com' });
  });

  const broken = [
    'id,email,Fan Score,Company.id',
    '30,x@example.com,1,5',
    '31,"x"y,2,5',
    '32,y@example.com,high,',
    '33,z@example.com,3,99',
    '34,w@example.com,4,',
  ];

  it('reports rows that fail with their lines, and imports the others', async () => {
    const { status, out, err } = await importText('leads', broken);
    expect([status, out]).toEqual([1, 'CREATED\t2\nFAILED\t3\nrows\t5\n']);
    expect(err).toContain('line 3: FAILED ');
    expect(err).toContain('line 4: FAILED score: "high"; expected a whole number');
    expect(err).toContain('line 5: FAILED companyId: no Company 99 in the file or the database');
    expect((await contents()).leads?.map(({ id }) => id)).toEqual([19, 30, 34]);
  });

  it('changes nothing with --all-or-nothing if a row fails, or with --dry-run', async () => {
    const before = await contents();
    const { status, out } = await importText('leads', broken, '--all-or-nothing');
    expect(status).toBe(1);
    expect(out).toContain('nothing was changed: a row failed');
    const dry = await importText('leads', [broken[0] ?? '', broken[1] ?? ''], '--dry-run');
    expect(dry.status).toBe(0);
    expect(dry.out).toContain('email\temail\n');
    expect(await contents()).toEqual(before);
    const whole = await importText('leads', [broken[0] ?? '', broken[1] ?? ''], '--all-or-nothing');
    expect([whole.status, whole.out]).toEqual([0, 'CREATED\t1\nrows\t1\n']);
  });

  it('reads a program from rows with a cost each, and recognises those that it has', async () => {
    const lines = [
      'Name,Channel,Region,Cost Month,Cost Amount,Cost Note',
      'Spring,Webinar,North,2026-01,"$1,000.50",ads',
      'Spring,,,1/15/2026,"$1,000.50",ads',
      'Autumn,,South,2026-02,7,',
    ];
    expect((await importText('programs', lines)).out).toBe('CREATED\t2\nrows\t3\n');
    const { programs = [] } = await contents();
    expect(
      programs.map(({ id, name, channel, tags, costs }) => ({ id, name, channel, tags, costs })),
    ).toEqual([
      {
        id: 1,
        name: 'Spring',
        channel: 'Webinar',
        tags: { Region: 'North' },
        costs: [
          { id: 1, month: '2026-01', amount: 1000.5, note: 'ads' },
          { id: 2, month: '2026-01', amount: 1000.5, note: 'ads' },
        ],
      },
      { id: 2, name: 'Autumn', tags: { Region: 'South' }, costs: [{ id: 3, month: '2026-02', amount: 7 }] },
    ]);
    const again = lines.map((line, at) => (at === 0 ? `id,${line}` : `${at < 3 ? 1 : 2},${line}`));
    expect((await importText('programs', again)).out).toBe('UNCHANGED\t2\nrows\t3\n');
  });

  it('finds the opportunity and the lead of a role by keys, and a role by both', async () => {
    const lines = [
      'Opportunity.FSOpportunityID,Lead.Email,Role',
      'O3,a@example.com,Buyer',
      'O9,a@example.com,x',
    ];
    const { out, err } = await importText('roles', lines);
    expect(out).toBe('CREATED\t1\nFAILED\t1\nrows\t2\n');
    expect(err).toContain(
      'line 3: FAILED Opportunity.FSOpportunityID: no Opportunity has FSOpportunityID = "O9"',
    );
    expect((await importText('roles', lines.slice(0, 2))).out).toBe('UNCHANGED\t1\nrows\t1\n');
    expect((await contents()).roles).toMatchObject([{ id: 1, opportunityId: 3, leadId: 19, role: 'Buyer' }]);
  });

  it('names a header that is no field before it changes anything', async () => {
    const { status, err } = await importText('leads', ['email,Fan Scroe', 'q@example.com,1']);
    expect([status, err]).toEqual([1, expect.stringContaining('did you mean score?')]);
    expect((await contents()).leads).toHaveLength(1);
  });

  it('does not give a row the id that an earlier row was assigned', async () => {
    const lines = [
      'id,email',
      ...Array.from({ length: 1000 }, (_, at) => `,${at}@example.com`),
      '20,late@example.com',
    ];
    const { out, err } = await importText('leads', lines);
    expect(out).toBe('CREATED\t1000\nFAILED\t1\nrows\t1001\n');
    expect(err).toContain('line 1002: FAILED id 20: was assigned to an earlier row');
  });
});

describe('mktows export', () => {
  it('writes CSV that a spreadsheet does not run, and values as they are with --formulas keep', async () => {
    await importText('leads', ['id,email,attributes.Note', '40,@sum,=1+1'], '--formulas', 'keep');
    const options = ['--type', 'leads', '--database', workspace.database];
    const guarded = await mktows(['export', ...options]);
    const [header = '', ...lines] = guarded.out.trimEnd().split('\r\n');
    const headers = header.split(',');
    const filled = (line = '') =>
      Object.fromEntries(line.split(',').flatMap((cell, at) => (cell === '' ? [] : [[headers[at], cell]])));
    expect(headers.slice(0, 3)).toEqual(['id', 'email', 'companyId']);
    expect(headers).toEqual(expect.arrayContaining(['score', 'Note', 'Phone']));
    expect(headers).not.toContain('attributes.Email');
    const times = { createdAt: expect.any(String), updatedAt: expect.any(String) };
    expect(lines.map(filled)).toEqual([
      { id: '19', email: 'a@example.com', Phone: '1', ...times },
      { id: '40', email: "'@sum", Note: "'=1+1", ...times },
    ]);
    const kept = await mktows(['export', ...options, '--formulas', 'keep']);
    expect(kept.out.trimEnd().split('\r\n').slice(1).map(filled)[1]).toEqual({
      id: '40',
      email: '@sum',
      Note: '=1+1',
      ...times,
    });
    const json = await mktows(['export', ...options, '--format', 'ndjson']);
    expect(
      json.out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))[1],
    ).toEqual({
      id: '40',
      email: '@sum',
      Note: '=1+1',
      ...times,
    });
  });

  it('writes a file in the form of its ending, which import reads from a pipe', async () => {
    const options = ['--type', 'opportunities', '--database', workspace.database];
    const file = workspace.path('all.tsv');
    expect(await mktows(['export', file, ...options])).toMatchObject({ status: 0, out: '' });
    const input = await readFile(file, 'utf8');
    const { ended } = start(['import', '-', '--format', 'tsv', ...options], { input });
    expect(await ended).toMatchObject({ status: 0, out: 'UNCHANGED\t1\nrows\t1\n' });
  });
});
