import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * A call's signature: lower-case hex of HMAC-SHA1 over timestamp and user id, both exactly as they are sent
 * (docs/behaviour.md#signature).
 */
export function sign(secret: string, userId: string, timestamp: string): string {
  return createHmac('sha1', secret)
    .update(timestamp + userId, 'utf8')
    .digest('hex');
}

/** Whether the signature is that of the call, in hex of either case. Takes the same time wherever they differ. */
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
