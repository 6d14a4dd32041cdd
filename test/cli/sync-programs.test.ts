import { readFile, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startMktows, type TestServer } from '../../src/testing/index.ts';
import { makeWorkspace, mktows, type Workspace } from './mktows.ts';

const instance = {
  tags: { Region: ['North', 'South'] },
  channels: { Webinar: [{ status: 'Attended', step: 10, success: true }] },
  programs: [
    {
      id: 5,
      name: 'Spring',
      type: 'Event',
      channel: 'Webinar',
      costs: [{ id: 1, month: '2026-01', amount: 10 }],
    },
    { id: 6, name: 'Autumn', type: 'Event', channel: 'Webinar' },
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

/** Writes a file of programs and syncs it. */
async function sync(text: string, ...options: string[]) {
  const file = workspace.path('programs.csv');
  await writeFile(file, text);
  const env = {
    MKTOWS_ENDPOINT: server.endpoint,
    MKTOWS_USER: server.userId,
    MKTOWS_SECRET: server.secret,
  };
  return mktows(['sync', file, '--type', 'Program', ...options], { env });
}

describe('mktows sync --type Program', () => {
  it('adds and changes costs, one in a row, and sets tags and channel', async () => {
    const results = workspace.path('results.csv');
    const { status, out } = await sync(
      'Id,Cost Id,Cost Month,Cost Amount,Cost Note,Region,Channel\n' +
        '5,1,2026-01,"$1,250.50",Ads,north,webinar\n' +
        '5,,3/15/2026,20,,,\n' +
        '6,,2026-03-01,30,Room,South,\n' +
        '77,,2026-03,30,,,\n',
      '--results',
      results,
    );
    expect([status, out]).toEqual([0, 'UPDATED\t3\nSKIPPED\t1\nrows\t4\n']);
    expect(await server.objects('Program')).toMatchObject([
      {
        id: 5,
        tags: { Region: 'North' },
        costs: [
          { id: 1, month: '2026-01', amount: 1250.5, note: 'Ads' },
          { month: '2026-03', amount: 20 },
        ],
      },
      { id: 6, tags: { Region: 'South' }, costs: [{ month: '2026-03', amount: 30, note: 'Room' }] },
    ]);
    expect((await readFile(results, 'utf8')).split('\n')[4]).toBe('4,5,SKIPPED,77,77,');
  });

  it('checks ids, costs, tags and channels with --dry-run', async () => {
    const { status, out } = await sync(
      'Id,Cost Month,Cost Amount,Region,Channel\n5,2026-01,,,\n5,,,East,\n5,,,,Radio\n,2026-01,1,,\n5,May,1,,\n',
      '--dry-run',
    );
    expect(status).toBe(1);
    expect(out.split('\n').slice(5)).toEqual([
      'line 2\tCost Amount: is empty; a cost has a month and an amount',
      'line 3\ttags.Region: "East"; expected one of: North, South',
      'line 4\tChannel: "Radio"; expected one of: Webinar',
      'line 5\thas no id; expected that of a program on the server',
      expect.stringContaining('line 6\tCost Month: "May"; expected'),
      'FAILED\t5',
      'rows\t5',
      '',
    ]);
    expect(server.calls().map(({ operation }) => operation)).toEqual(['getTags', 'getChannels']);
  });

  it.each([
    [['--operation', 'UPSERT'], '--operation UPSERT: rows of type Program take UPDATE only'],
    [['--external-key', 'Id'], '--external-key: programs are found by id only'],
    [['--dedup', 'none'], '--dedup none: only leads'],
  ])('refuses %j', async (options, expected) => {
    const { status, err } = await sync('Id\n5\n', ...options);
    expect([status, err]).toEqual([1, expect.stringContaining(expected)]);
  });
});
