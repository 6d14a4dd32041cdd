import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient } from '../../src/client/index.ts';
import { startMktows, type TestServer } from '../../src/testing/index.ts';
import { makeWorkspace, mktows, start, type Workspace } from './mktows.ts';

let workspace: Workspace;
let server: TestServer;
const insert = (Name: string, Amount: string) =>
  createClient(server).syncMObjects('INSERT', [
    { type: 'Opportunity', attributes: { Name } },
    { type: 'Opportunity', attributes: { Name, Amount } },
  ]);

beforeAll(async () => {
  workspace = await makeWorkspace();
  server = await startMktows({ database: workspace.database });
  await insert('A', '1');
  await insert('B', 'much');
  await createClient(server).deleteMObjects([{ type: 'Opportunity', id: 1 }]);
});
afterAll(async () => {
  await server.close();
  await workspace.remove();
});

async function calls(...words: string[]): Promise<Record<string, unknown>[]> {
  const { out } = await mktows(['journal', '--database', workspace.database, '--format', 'json', ...words]);
  return out
    .trim()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

describe('mktows journal', () => {
  it('shows calls in their order, rows with position, status and reason', async () => {
    const found = await calls();
    expect(found.map(({ operation }) => operation)).toEqual([
      'syncMObjects',
      'syncMObjects',
      'deleteMObjects',
    ]);
    expect(found[1]).toMatchObject({
      userId: server.userId,
      mode: 'INSERT',
      fault: null,
      rows: [
        { position: 1, type: 'Opportunity', id: 3, status: 'CREATED' },
        { position: 2, status: 'FAILED', because: expect.stringContaining('Amount: "much"') },
      ],
    });
  });

  it('shows calls of all users where MKTOWS_USER says who signs calls', async () => {
    const words = ['journal', '--database', workspace.database];
    const { out, err } = await mktows(words, { env: { MKTOWS_USER: 'someone_else' } });
    expect([out.includes(server.userId), err]).toEqual([true, '']);
  });

  it('selects calls', async () => {
    expect(await calls('--failed')).toMatchObject([{ rows: [{ position: 2, status: 'FAILED' }] }]);
    expect(await calls('--operation', 'deleteMObjects')).toHaveLength(1);
    expect(await calls('--user', 'nobody')).toEqual([]);
    expect(await calls('--since', '1h')).toHaveLength(3);
    expect(await calls('--since', '2999-01-01T00:00:00Z')).toEqual([]);
    expect(await calls('--limit', '1')).toMatchObject([{ operation: 'deleteMObjects' }]);
    const [first] = await calls();
    expect(await calls('--call', String(first?.callId))).toEqual([first]);
  });

  it('prints a line for each call and row', async () => {
    const { out } = await mktows(['journal', '--database', workspace.database, '--failed']);
    expect(out).toMatch(
      /^\S+Z {2}\S+ {2}syncMObjects INSERT {2}call \S+ {2}1 CREATED, 1 FAILED\n {2}2 {2}Opportunity {2}FAILED {2}Amount: "much"/,
    );
  });

  it('follows calls until it is told to end', async () => {
    const running = start(['journal', '--database', workspace.database, '--follow']);
    await running.line(/deleteMObjects/);
    await insert('Followed', 'late');
    await running.line(/"late"/);
    running.process.kill('SIGINT');
    expect((await running.ended).status).toBe(0);
  });
});
