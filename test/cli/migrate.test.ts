import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeWorkspace, mktows, type Workspace } from './mktows.ts';

let workspace: Workspace;
beforeEach(async () => {
  workspace = await makeWorkspace();
});
afterEach(() => workspace.remove());

const migrate = (...args: string[]) => mktows(['migrate', '--database', workspace.database, ...args]);

it('migrate --status says which steps are to come, and makes no database', async () => {
  for (let count = 0; count < 2; count += 1) {
    expect(await migrate('--status')).toEqual({
      status: 0,
      out: expect.stringMatching(/^1\tto come\trecords/),
      err: '',
    });
  }
});

it('migrate makes the steps, and says when they were made', async () => {
  const { out } = await migrate();
  expect(out).toMatch(/^1\t\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\trecords/);
  expect((await migrate('--status')).out).toBe(out);
});
