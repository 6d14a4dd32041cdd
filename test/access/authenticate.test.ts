import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuthenticator } from '../../src/access/authenticate.ts';
import { createSecrets } from '../../src/access/secrets.ts';
import { rotateSecret, storeUser } from '../../src/access/user-changes.ts';
import { createUsers } from '../../src/access/users.ts';
import { SoapFault } from '../../src/contract/faults.ts';
import type { Received } from '../../src/contract/messages.ts';
import { openStore } from '../../src/store/open.ts';
import type { Store } from '../../src/store/store.ts';
import { sign } from '../../src/wire/signature.ts';

// The published test vector (docs/behaviour.md#signature).
const published = {
  mktowsUserId: 'bigcorp1_461839624B16E06BA2D663',
  requestSignature: 'ffbff4d4bef354807481e66dc7540f7890523a87',
  requestTimestamp: '2010-04-09T14:04:54-07:00',
};
const secret = '899756834129871744AAEE88DDCC77CDEEDEC1AAAD66';
const SENT = Date.parse(published.requestTimestamp);
const MINUTE = 60_000;

let store: Store;
beforeAll(async () => {
  store = await openStore('sqlite::memory:');
});
afterAll(() => store.close());

type Header = Received<'AuthenticationHeaderInfo'>;

function authenticateAt(now: number, header: Header | undefined) {
  const secrets = createSecrets({ key: randomBytes(32).toString('hex'), keyFile: '' });
  const users = createUsers({
    table: store.users,
    secrets,
    given: [{ userId: published.mktowsUserId, secret }],
  });
  return createAuthenticator({ users, now: () => now })(header);
}

async function faultOf(now: number, header: Header | undefined): Promise<SoapFault> {
  const error = await authenticateAt(now, header).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(SoapFault);
  return error as SoapFault;
}

describe('after a rotation', () => {
  const id = 'rotated';
  const rotation = { userId: id, secret: 'the second secret', overlap: 60 * MINUTE, now: new Date(SENT) };

  async function tellsBy(signedBy: string, now: number): Promise<boolean> {
    const timestamp = new Date(now).toISOString();
    const header = {
      mktowsUserId: id,
      requestTimestamp: timestamp,
      requestSignature: sign(signedBy, id, timestamp),
    };
    const users = createUsers({ table: store.users, secrets: rotatedSecrets });
    return createAuthenticator({ users, now: () => now })(header).then(
      () => true,
      () => false,
    );
  }

  const rotatedSecrets = createSecrets({ key: randomBytes(32).toString('hex'), keyFile: '' });
  beforeAll(async () => {
    await storeUser(store.users, rotatedSecrets, { userId: id, secret: 'the first secret', replace: true });
    await rotateSecret(store.users, rotatedSecrets, rotation);
  });
  afterAll(() => store.users.remove(id));

  it.each(['the first secret', 'the second secret'])('a signature by %s is taken', async (by) => {
    expect(await tellsBy(by, SENT + 59 * MINUTE)).toBe(true);
  });

  it('a signature by another secret is refused', async () => {
    expect(await tellsBy('the third secret', SENT)).toBe(false);
  });

  it('the former secret ends with the overlap', async () => {
    expect(await tellsBy('the first secret', SENT + 60 * MINUTE)).toBe(false);
    expect(await tellsBy('the second secret', SENT + 60 * MINUTE)).toBe(true);
  });

  it('without an overlap all former secrets end at once', async () => {
    await rotateSecret(store.users, rotatedSecrets, { ...rotation, secret: 'the third secret', overlap: 0 });
    expect(await tellsBy('the first secret', SENT)).toBe(false);
    expect(await tellsBy('the second secret', SENT)).toBe(false);
    expect(await tellsBy('the third secret', SENT)).toBe(true);
  });
});

describe('a signature', () => {
  it('as published is taken', async () => {
    expect(await authenticateAt(SENT, published)).toEqual({ userId: published.mktowsUserId });
  });

  it('is taken in capitals', async () => {
    const header = { ...published, requestSignature: published.requestSignature.toUpperCase() };
    expect(await authenticateAt(SENT, header)).toEqual({ userId: published.mktowsUserId });
  });

  it('is taken again and again', async () => {
    await authenticateAt(SENT, published);
    await expect(authenticateAt(SENT + 1, published)).resolves.toEqual({ userId: published.mktowsUserId });
  });

  it.each<[string, Header | undefined]>([
    ['the AuthenticationHeader is missing', undefined],
    ['mktowsUserId is missing', { ...published, mktowsUserId: '' }],
    ['requestSignature is missing', { ...published, requestSignature: '' }],
    ['requestTimestamp is missing', { ...published, requestTimestamp: '' }],
    ['user "nobody" is unknown', { ...published, mktowsUserId: 'nobody' }],
    [
      'the signature of user "bigcorp1_461839624B16E06BA2D663" is wrong',
      { ...published, requestSignature: 'ff' },
    ],
    [
      'the timestamp "soon" cannot be read: expected a time with its offset, such as 2013-08-05T14:22:45-07:00',
      {
        ...published,
        requestTimestamp: 'soon',
        requestSignature: sign(secret, published.mktowsUserId, 'soon'),
      },
    ],
  ])('is refused with one same answer, and the log says that %s', async (internal, header) => {
    const fault = await faultOf(SENT, header);
    expect(fault).toMatchObject({ code: 20014, message: 'Authentication failed', internal });
  });
});

describe('the window', () => {
  it('takes a timestamp that is 60 minutes old, and none older', async () => {
    await expect(authenticateAt(SENT + 60 * MINUTE, published)).resolves.toEqual({
      userId: published.mktowsUserId,
    });
    expect((await faultOf(SENT + 60 * MINUTE + 1, published)).code).toBe(20016);
  });

  it('takes a timestamp that is 10 minutes ahead, and none further', async () => {
    await expect(authenticateAt(SENT - 10 * MINUTE, published)).resolves.toEqual({
      userId: published.mktowsUserId,
    });
    expect((await faultOf(SENT - 10 * MINUTE - 1, published)).code).toBe(20016);
  });

  it("says the server's time, the difference and what is accepted", async () => {
    const { message } = await faultOf(SENT + 90 * MINUTE, published);
    expect(message).toContain('"2010-04-09T14:04:54-07:00" is 90 min behind');
    expect(message).toContain('2010-04-09T22:34:54.000Z');
    expect(message).toContain('60 min behind is accepted');
  });

  it('is not looked at for a call whose signature is wrong', async () => {
    const header = { ...published, requestSignature: '0'.repeat(40) };
    expect((await faultOf(SENT + 90 * MINUTE, header)).code).toBe(20014);
  });
});
