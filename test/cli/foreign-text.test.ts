import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore } from '../../src/store/open.ts';
import { makeWorkspace, mktows, type Workspace } from './mktows.ts';

let workspace: Workspace;
beforeEach(async () => {
  workspace = await makeWorkspace();
});
afterEach(() => workspace.remove());

describe('what comes from outside', () => {
  it('is printed in lists without what steers a terminal', async () => {
    const store = await openStore(workspace.database);
    const user = { encryptedSecret: new Uint8Array(), createdAt: '2026-11-27T00:00:00.000Z' };
    await store.users.put({ ...user, userId: 'a\u001b[2J\u202eb' });
    await store.close();
    const { out } = await mktows(['users', 'list', '--database', workspace.database]);
    expect(out).toBe('a\\u001b[2J\\u202eb\t2026-11-27T00:00:00.000Z\n');
  });

  it('is printed without it where it is the path of a file', async () => {
    const odd = workspace.path('a\u202eb.db');
    const words = ['migrate', '--create', '--database', `sqlite:${odd}`];
    expect(await mktows(words)).toMatchObject({ status: 0 });
    for (const command of [
      ['backup', '--database', `sqlite:${odd}`, '--to', `${odd}.bak`],
      ['copy', '--from', `sqlite:${odd}`, '--to', `sqlite:${odd}.copy`],
    ]) {
      const { status, out, err } = await mktows(command);
      expect([status, out]).toEqual([0, expect.stringContaining('a\\u202eb.db')]);
      expect(`${out}${err}`).not.toContain('\u202e');
    }
  });

  it('is printed in errors without it, too', async () => {
    await (await openStore(workspace.database)).close();
    const words = ['users', 'remove', 'a\u009b31m\u202eb', '--database', workspace.database];
    const { status, err } = await mktows(words);
    expect([status, err]).toEqual([1, expect.stringContaining('there is no user "a\\u009b31m\\u202eb"')]);
  });

  it.each([
    ['users', 'add', 'a\u0007b'],
    ['serve', '--user', 'a\u0007b', '--secret', 'a secret of the tests'],
  ])('is refused as a user id that XML cannot carry: %s %s', async (...words) => {
    const { status, err } = await mktows([...words, '--database', workspace.database]);
    expect([status, err]).toEqual([1, expect.stringContaining('character U+0007')]);
  });

  it.each(['createdAt', 'UpdatedAt', 'Id', 'a\u0007b'])(
    'is refused as the name of a field: %j',
    async (name) => {
      const words = ['fields', 'add', '--type', 'Opportunity', '--data-type', 'string', '--name', name];
      await (await openStore(workspace.database)).close();
      const { status, out } = await mktows([...words, '--database', workspace.database]);
      expect([status, out]).toEqual([1, '']);
    },
  );
});
