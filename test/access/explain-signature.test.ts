import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { explainSignature } from '../../src/access/explain-signature.ts';
import { sign } from '../../src/wire/signature.ts';

const now = Date.parse('2026-11-27T12:00:00Z');
const window = { maxAge: 3_600_000, maxAhead: 600_000 };
const secret = 'the secret';
const userId = 'User_1';
const timestamp = '2026-11-27T11:59:00Z';
const hmac = (text: string, algorithm = 'sha1', key = secret) => createHmac(algorithm, key).update(text);

const explain = (signature: string, sent = timestamp) =>
  explainSignature({ userId, timestamp: sent, signature }, secret, window, now);

describe('an explained signature', () => {
  it('that is right has no reason', () => {
    const right = sign(secret, userId, timestamp);
    expect(explain(right.toUpperCase())).toEqual({
      signed: `${timestamp}${userId}`,
      expected: right,
      matches: true,
      reasons: [],
    });
  });

  it.each([
    ['wrong order', hmac(userId + timestamp).digest('hex')],
    ['only the timestamp', hmac(timestamp).digest('hex')],
    ['HMAC-SHA256', hmac(timestamp + userId, 'sha256').digest('hex')],
    ['base64', hmac(timestamp + userId).digest('base64')],
    ['exchanged', hmac(secret, 'sha1', timestamp + userId).digest('hex')],
    [
      'plain SHA1',
      createHash('sha1')
        .update(timestamp + userId + secret)
        .digest('hex'),
    ],
    ['a line end behind the secret', hmac(timestamp + userId, 'sha1', `${secret}\n`).digest('hex')],
    ['lower case', hmac(timestamp + userId.toLowerCase()).digest('hex')],
    ['white space stands around', ` ${hmac(timestamp + userId).digest('hex')}`],
    ['has 3 digits', 'abc'],
    ['another secret', hmac(timestamp + userId, 'sha1', 'other').digest('hex')],
  ])('names the mistake: %s', (mistake, signature) => {
    expect(explain(signature)).toMatchObject({ matches: false, reasons: [expect.stringContaining(mistake)] });
  });

  it.each([
    ['2026-11-27T10:30:00Z', 'is 90 minutes old'],
    ['2026-11-27T20:00:00Z', 'is 480 minutes ahead'],
    ['27 Nov 2026', 'cannot be read'],
  ])('is refused for its timestamp %s', (sent, reason) => {
    expect(explain(sign(secret, userId, sent), sent).reasons).toEqual([expect.stringContaining(reason)]);
  });
});
