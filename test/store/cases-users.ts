import { expect, it } from 'vitest';
import type { UserRow } from '../../src/store/store.ts';
import type { CaseContext } from './conformance.ts';
import { AT, LATER } from './fixture.ts';

const user = (userId: string, bytes = [0, 255, 1], createdAt = AT): UserRow => ({
  userId,
  encryptedSecret: new Uint8Array(bytes),
  createdAt,
});

export function userCases({ engine, opened }: CaseContext): void {
  it('are found by their id, with their secret byte by byte', async () => {
    await opened().store.users.put(user('b'));
    expect(await opened().store.users.find('b')).toEqual(user('b'));
    expect(await opened().store.users.find('B')).toBeUndefined();
  });

  it('are listed by ascending id', async () => {
    for (const id of ['b', 'a', 'c']) await opened().store.users.put(user(id));
    expect((await opened().store.users.list()).map(({ userId }) => userId)).toEqual(['a', 'b', 'c']);
  });

  it('are replaced by one of the same id', async () => {
    await opened().store.users.put(user('a'));
    await opened().store.users.put(user('a', [9], LATER));
    expect(await opened().store.users.list()).toEqual([user('a', [9], LATER)]);
  });

  it('are added unless there is one of the same id, and the answer says so', async () => {
    expect(await opened().store.users.add(user('a'))).toBe(true);
    expect(await opened().store.users.add(user('a', [9], LATER))).toBe(false);
    expect(await opened().store.users.list()).toEqual([user('a')]);
  });

  it('have their secret replaced only while it is what was read', async () => {
    const { users } = opened().store;
    await users.put(user('a'));
    expect(await users.replace(user('a', [9]), user('a', [8]).encryptedSecret)).toBe(false);
    expect(await users.replace(user('b', [9]), user('a').encryptedSecret)).toBe(false);
    expect(await users.list()).toEqual([user('a')]);
    expect(await users.replace(user('a', [9], LATER), user('a').encryptedSecret)).toBe(true);
    expect(await users.list()).toEqual([user('a', [9])]);
  });

  it('are removed, and the answer says whether there was one', async () => {
    await opened().store.users.put(user('a'));
    expect(await opened().store.users.remove('a')).toBe(true);
    expect(await opened().store.users.remove('a')).toBe(false);
    expect(await opened().store.users.list()).toEqual([]);
  });

  it.runIf(engine.isDurable)('are still there when the store is opened again', async () => {
    await opened().store.users.put(user('a'));
    expect(await (await opened().reopen()).users.list()).toEqual([user('a')]);
  });
}
