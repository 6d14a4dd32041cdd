import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Returns a call's signature: lower-case hex of HMAC-SHA1 over timestamp and user id, both exactly as they are sent
 * (docs/behaviour.md#signature).
 */
export function sign(secret: string, userId: string, timestamp: string): string {
  return createHmac('sha1', secret)
    .update(timestamp + userId, 'utf8')
    .digest('hex');
}

/** Returns whether the signature, in hex of either case, is the expected one. Compares in constant time. */
export function signatureMatches(
  secret: string,
  userId: string,
  timestamp: string,
  signature: string,
): boolean {
  const expected = Buffer.from(sign(secret, userId, timestamp));
  const given = Buffer.from(signature.toLowerCase());
  return given.length === expected.length && timingSafeEqual(given, expected);
}
