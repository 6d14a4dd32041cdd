import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeyError } from '../../src/access/key.ts';
import { createSecrets, DEMO_SECRET, makeSecret, weaknessOf } from '../../src/access/secrets.ts';

const secretsUnder = (key = randomBytes(32).toString('hex')) => createSecrets({ key, keyFile: '' });
const text = fc.string({ unit: 'grapheme', minLength: 1 });

describe('a sealed secret', () => {
  it('is opened again by the same key for the same user', async () => {
    const secrets = secretsUnder();
    await fc.assert(
      fc.asyncProperty(text, text, async (userId, secret) => {
        expect(await secrets.open(userId, await secrets.seal(userId, secret))).toBe(secret);
      }),
    );
  });

  it('does not hold the secret, and is another each time', async () => {
    const secrets = secretsUnder();
    const sealed = Buffer.from(await secrets.seal('user', 'a plain secret'));
    expect(sealed.includes('a plain secret')).toBe(false);
    expect(sealed.equals(await secrets.seal('user', 'a plain secret'))).toBe(false);
  });

  it('is not opened by another key', async () => {
    const sealed = await secretsUnder().seal('user', 'secret');
    await expect(secretsUnder().open('user', sealed)).rejects.toThrow(
      /MKTOWS_KEY does not decrypt the stored secret of user "user"/,
    );
  });

  it('is not opened for another user', async () => {
    const secrets = secretsUnder();
    await expect(secrets.open('other', await secrets.seal('user', 'secret'))).rejects.toThrow(KeyError);
  });

  it('is not opened after any change or cut', async () => {
    const secrets = secretsUnder();
    const sealed = await secrets.seal('user', 'secret');
    const place = fc.nat({ max: sealed.length - 1 });
    await fc.assert(
      fc.asyncProperty(place, fc.integer({ min: 1, max: 255 }), fc.boolean(), async (at, flip, cut) => {
        const changed = cut
          ? sealed.slice(0, at)
          : sealed.map((byte, index) => (index === at ? byte ^ flip : byte));
        await expect(secrets.open('user', changed)).rejects.toThrow(KeyError);
      }),
    );
  });
});

describe('the weakness of a secret', () => {
  it('is found in a short one and in the one of the demo', () => {
    expect(weaknessOf('123456789')).toMatch(/shorter than 10/);
    expect(weaknessOf('1234567890')).toBeUndefined();
    expect(weaknessOf(DEMO_SECRET)).toMatch(/demo/);
  });

  it('is in none that is made', () => {
    expect(weaknessOf(makeSecret())).toBeUndefined();
  });
});
