import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSecrets, type Secrets, weaknessOf } from '../../src/access/secrets.ts';
import { createUsers } from '../../src/access/users.ts';
import { openStore } from '../../src/store/open.ts';
import { type Store, StoreError } from '../../src/store/store.ts';

const newSecrets = () => createSecrets({ key: randomBytes(32).toString('hex'), keyFile: '' });

let store: Store;
let secrets: Secrets;
beforeEach(async () => {
  store = await openStore('sqlite::memory:');
  secrets = newSecrets();
});
afterEach(() => store.close());

async function put(userId: string, secret: string, under = secrets): Promise<void> {
  const encryptedSecret = await under.seal(userId, secret);
  await store.users.put({ userId, encryptedSecret, createdAt: '2026-11-23T12:00:00.000Z' });
}

describe('users', () => {
  it('are those of the store and those given', async () => {
    await put('stored', 'secret one');
    const users = createUsers({
      table: store.users,
      secrets,
      given: [{ userId: 'given', secret: 'secret two' }],
    });
    expect(await users.all()).toEqual(
      new Map([
        ['stored', { secret: 'secret one' }],
        ['given', { secret: 'secret two' }],
      ]),
    );
  });

  it('that are given win over stored ones of the same id', async () => {
    await put('user', 'stored secret');
    const users = createUsers({
      table: store.users,
      secrets,
      given: [{ userId: 'user', secret: 'given secret' }],
    });
    expect((await users.all()).get('user')).toEqual({ secret: 'given secret' });
  });

  it('are read again when the reading is older than the refresh time', async () => {
    let time = 0;
    const users = createUsers({ table: store.users, secrets, refreshAfter: 2_000, now: () => time });
    expect((await users.all()).size).toBe(0);
    await put('late', 'secret one');
    time = 1_999;
    expect((await users.all()).size).toBe(0);
    time = 2_000;
    expect((await users.all()).get('late')).toEqual({ secret: 'secret one' });
    await put('late', 'secret two');
    time = 4_000;
    expect((await users.all()).get('late')).toEqual({ secret: 'secret two' });
    await store.users.remove('late');
    time = 6_000;
    expect((await users.all()).size).toBe(0);
  });

  it('whose secret the key does not open cannot call, and the others can', async () => {
    await put('ours', 'secret one');
    await put('theirs', 'secret two', newSecrets());
    const all = await createUsers({ table: store.users, secrets }).all();
    expect(all.get('ours')).toEqual({ secret: 'secret one' });
    expect(all.get('theirs')).toEqual({ unusable: expect.stringContaining('does not decrypt') });
  });

  it('with a weak secret cannot call where that counts', async () => {
    await put('weak', 'short');
    const all = await createUsers({ table: store.users, secrets, weaknessOf }).all();
    expect(all.get('weak')).toEqual({
      unusable: 'the secret of user "weak" is shorter than 10 characters',
    });
  });

  it('need no key while none is stored', async () => {
    const keyless = createSecrets({ key: undefined, keyFile: '/nonexistent/x.key' });
    const given = [{ userId: 'given', secret: 'secret two' }];
    expect((await createUsers({ table: store.users, secrets: keyless, given }).all()).size).toBe(1);
  });

  it('cannot be told when the store fails', async () => {
    const users = createUsers({ table: store.users, secrets });
    await store.close();
    await expect(users.all()).rejects.toThrow(StoreError);
    store = await openStore('sqlite::memory:');
  });
});
