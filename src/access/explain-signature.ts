import { createHash, createHmac } from 'node:crypto';
import { sign, signatureMatches } from '../wire/signature.ts';
import { readTimestamp } from '../wire/timestamp.ts';
import type { TimeWindow } from './authenticate.ts';

/** A signature with all that it depends on. */
export interface SignedHeader {
  readonly userId: string;
  readonly timestamp: string;
  readonly signature: string;
}

export interface SignatureExplanation {
  /** The text that is signed. */
  readonly signed: string;
  /** The signature of that text. */
  readonly expected: string;
  readonly matches: boolean;
  /** Why a server refuses the header; empty if it accepts it. */
  readonly reasons: readonly string[];
}

/** Says whether a server accepts a header, or why it does not. `now`: milliseconds since the epoch. */
export function explainSignature(
  header: SignedHeader,
  secret: string,
  window: TimeWindow,
  now: number,
): SignatureExplanation {
  const { userId, timestamp, signature } = header;
  const matches = signatureMatches(secret, userId, timestamp, signature);
  const reasons = matches ? [] : [mistakeIn(header, secret)];
  const sent = readTimestamp(timestamp);
  if (sent === undefined) {
    reasons.push(
      `the timestamp "${timestamp}" cannot be read; expected ISO 8601 with an offset, such as ${new Date(now).toISOString()}`,
    );
  } else {
    const minutes = Math.round((now - sent) / 60_000);
    if (now - sent > window.maxAge) {
      reasons.push(
        `the timestamp is ${minutes} minutes old; at most ${window.maxAge / 60_000} are accepted (fault 20016)`,
      );
    }
    if (sent - now > window.maxAhead) {
      reasons.push(
        `the timestamp is ${-minutes} minutes ahead; at most ${window.maxAhead / 60_000} are accepted (fault 20016). Is it local time marked as UTC?`,
      );
    }
  }
  return { signed: timestamp + userId, expected: sign(secret, userId, timestamp), matches, reasons };
}

/** Signatures that clients send by mistake, and what the mistake is. */
function mistakeIn({ userId, timestamp, signature }: SignedHeader, secret: string): string {
  const text = timestamp + userId;
  const hmac = (algorithm: string, key: string, message: string, encoding: 'hex' | 'base64' = 'hex') =>
    createHmac(algorithm, key).update(message, 'utf8').digest(encoding);
  const given = signature.trim();
  const folded = given.toLowerCase();
  const candidates: readonly (readonly [signature: string, mistake: string])[] = [
    [
      hmac('sha1', secret, userId + timestamp),
      'user id and timestamp are in the wrong order: the timestamp comes first',
    ],
    [hmac('sha1', secret, timestamp), 'only the timestamp is signed: the user id belongs behind it'],
    [hmac('sha1', secret, userId), 'only the user id is signed: the timestamp belongs before it'],
    [hmac('sha1', text, secret), 'secret and text are exchanged: the secret is the key of the HMAC'],
    [hmac('sha1', secret.trim(), text), 'the client signs with the secret without the white space around it'],
    [hmac('sha1', `${secret}\n`, text), 'the client signs with a line end behind the secret'],
    [hmac('sha1', secret, `${text}\n`), 'a line end is signed behind the text'],
    [hmac('sha1', secret, `${timestamp} ${userId}`), 'a space is signed between timestamp and user id'],
    [
      hmac('sha1', secret, timestamp + userId.toLowerCase()),
      'the user id is signed in lower case, and sent otherwise',
    ],
    [
      hmac('sha1', secret, timestamp.trim() + userId.trim()),
      'white space is sent around timestamp or user id that is not signed',
    ],
    [hmac('sha256', secret, text), 'it is an HMAC-SHA256: the API uses HMAC-SHA1'],
    [hmac('md5', secret, text), 'it is an HMAC-MD5: the API uses HMAC-SHA1'],
    [
      createHash('sha1')
        .update(secret + text)
        .digest('hex'),
      'it is a plain SHA1: the API uses HMAC-SHA1',
    ],
    [
      createHash('sha1')
        .update(text + secret)
        .digest('hex'),
      'it is a plain SHA1: the API uses HMAC-SHA1',
    ],
  ];
  if (folded === sign(secret, userId, timestamp)) return 'white space stands around the signature';
  const found = candidates.find(([candidate]) => candidate === folded);
  if (found !== undefined) return found[1];
  if (hmac('sha1', secret, text, 'base64') === given) return 'it is written in base64: the API expects hex';
  if (!/^[0-9a-f]*$/.test(folded)) return 'it is not written in hex: expected 40 hexadecimal digits';
  if (folded.length !== 40) return `it has ${folded.length} digits: an HMAC-SHA1 has 40`;
  return 'it is of another secret, or of another timestamp or user id than those that are sent; both are signed exactly as they are sent';
}
