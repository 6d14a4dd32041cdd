import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSecrets, type KeptSecret } from '../../src/access/secrets.ts';
import { openStore } from '../../src/store/open.ts';
import { makeWorkspace, mktows, start, type Workspace } from './mktows.ts';

let workspace: Workspace;
beforeEach(async () => {
  workspace = await makeWorkspace();
});
afterEach(() => workspace.remove());

const onDatabase = (args: readonly string[]) => [
  'users',
  ...args,
  ...(args[0] === 'add' ? ['--create'] : []),
  '--database',
  workspace.database,
];
const users = (args: readonly string[], options = {}) => mktows(onDatabase(args), options);

describe('users', () => {
  it('are added, listed and removed', async () => {
    expect((await users(['add', 'one'])).out).toMatch(/^added one\nsecret [0-9A-F]{40}\n/);
    expect((await users(['list'])).out).toMatch(/^one\t\d{4}-\d\d-\d\dT[\d:.]+Z\n$/);
    expect(await users(['remove', 'one'])).toMatchObject({ status: 0, out: 'removed one\n' });
    expect((await users(['list'])).out).toBe('');
  });

  it('take a secret from the environment or from standard input, and do not show it', async () => {
    const fromEnv = await users(['add', 'one'], { env: { MKTOWS_SECRET: 'secret of one' } });
    expect(fromEnv).toMatchObject({ status: 0, out: 'added one\nsecret as in MKTOWS_SECRET\n', err: '' });
    const fromInput = start(onDatabase(['add', 'two', '--secret', '-']), { input: 'secret of two\n' });
    expect(await fromInput.ended).toMatchObject({ status: 0, out: 'added two\n', err: '' });
  });

  it('get a new secret while the one so far holds', async () => {
    await users(['add', 'one'], { env: { MKTOWS_SECRET: 'secret of one' } });
    const { status, out } = await users(['rotate', 'one', '--overlap', '30m']);
    expect(status).toBe(0);
    expect(out).toMatch(/^rotated one\tthe former secret holds until [\d-]+T[\d:.]+Z\nsecret [0-9A-F]{40}\n/);
    const [current, former] = await storedSecrets('one');
    expect(out).toContain(current?.secret);
    expect(former).toMatchObject({ secret: 'secret of one', until: expect.stringMatching(/Z$/) });
  });

  it('that are not there have no secret to rotate', async () => {
    await users(['add', 'one']);
    expect(await users(['rotate', 'two'])).toMatchObject({
      status: 1,
      err: expect.stringContaining('there is no user "two"'),
    });
  });

  it('with a short secret are added with a warning', async () => {
    const { status, err } = await users(['add', 'one'], { env: { MKTOWS_SECRET: 'short' } });
    expect(status).toBe(0);
    expect(err).toContain('shorter than 10 characters');
  });

  it.each(['', ' one', 'one\ntwo'])('are not added under the id %j', async (userId) => {
    expect(await users(['add', userId])).toMatchObject({
      status: 1,
      err: expect.stringContaining('the user id "'),
    });
  });

  it('that are there keep their secret, unless it is to be replaced', async () => {
    await users(['add', 'one'], { env: { MKTOWS_SECRET: 'secret of one' } });
    const other = { env: { MKTOWS_SECRET: 'another secret' } };
    expect(await users(['add', 'one'], other)).toEqual({
      status: 1,
      out: '',
      err: expect.stringMatching(/^mktows: there is a user "one" already[^\n]+--replace[^\n]+\n$/),
    });
    expect(await storedSecret('one')).toBe('secret of one');
    expect((await users(['add', 'one', '--replace'], other)).out).toMatch(/^replaced the secret of one\n/);
    expect(await storedSecret('one')).toBe('another secret');
  });

  it.each(['secret\tof one', 'secret\u0000of one', 'secret\nof one'])(
    'are not added with the secret %j, which is not shown',
    async (secret) => {
      const given = await users(['add', 'one', '--secret', secret]);
      const read = await start(onDatabase(['add', 'one', '--secret', '-']), { input: secret }).ended;
      for (const { status, out, err } of [given, read]) {
        expect([status, out]).toEqual([1, '']);
        expect(err).toMatch(/^mktows: [^\n]+ holds the control character U\+00\d[0-9A] after 6 [^\n]+\n$/);
        expect(err).not.toContain('of one');
      }
    },
  );

  it('that are not there cannot be removed', async () => {
    await users(['add', 'one']);
    const { status, err } = await users(['remove', 'nobody']);
    expect(status).toBe(1);
    expect(err).toMatch(/^mktows: there is no user "nobody" in [^\n]+\n$/);
  });

  it('cannot be added under a second key', async () => {
    await users(['add', 'one']);
    const { status, err } = await users(['add', 'two'], { env: { MKTOWS_KEY: '0'.repeat(64) } });
    expect(status).toBe(1);
    expect(err).toContain('does not decrypt the stored secret of user "one"');
    expect((await users(['list'])).out).not.toContain('two');
  });
});

const storedSecret = async (userId: string) => (await storedSecrets(userId))[0]?.secret;

async function storedSecrets(userId: string): Promise<readonly KeptSecret[]> {
  const store = await openStore(workspace.database);
  const user = await store.users.find(userId);
  await store.close();
  const secrets = createSecrets({ key: undefined, keyFile: workspace.path('test.db.key') });
  return user ? secrets.openAll(userId, user.encryptedSecret) : [];
}
