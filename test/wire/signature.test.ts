import { describe, expect, test } from 'vitest';
import { sign, signatureMatches } from '../../src/wire/signature.ts';

// The vector of Marketo's own documentation.
const secret = '899756834129871744AAEE88DDCC77CDEEDEC1AAAD66';
const userId = 'bigcorp1_461839624B16E06BA2D663';
const timestamp = '2010-04-09T14:04:54-07:00';
const signature = 'ffbff4d4bef354807481e66dc7540f7890523a87';

test('the documented signature is the one computed', () => {
  expect(sign(secret, userId, timestamp)).toBe(signature);
});

describe('a signature matches', () => {
  test('in lower case', () => {
    expect(signatureMatches(secret, userId, timestamp, signature)).toBe(true);
  });

  test('in upper case', () => {
    expect(signatureMatches(secret, userId, timestamp, signature.toUpperCase())).toBe(true);
  });
});

describe('a signature does not match', () => {
  test.each([
    ['of another timestamp', secret, userId, '2010-04-09T14:04:54-07:01', signature],
    ['of another user', secret, 'someone', timestamp, signature],
    ['of another secret', 'secret', userId, timestamp, signature],
    ['that is empty', secret, userId, timestamp, ''],
    ['that is shorter', secret, userId, timestamp, signature.slice(1)],
    ['that is longer', secret, userId, timestamp, `${signature}0`],
    ['of other characters that take as many bytes', secret, userId, timestamp, 'é'.repeat(20)],
  ])('%s', (_, ...parts) => {
    expect(signatureMatches(...(parts as [string, string, string, string]))).toBe(false);
  });
});
