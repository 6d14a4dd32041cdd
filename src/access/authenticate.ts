import { randomBytes } from 'node:crypto';
import { SoapFault } from '../contract/faults.ts';
import type { Received } from '../contract/messages.ts';
import { shortened } from '../contract/shortened.ts';
import { signatureMatches } from '../wire/signature.ts';
import { readTimestamp } from '../wire/timestamp.ts';
import type { FormerSecret, Users } from './users.ts';

/** Maximum distance of a timestamp from the server's clock, in milliseconds. */
export interface TimeWindow {
  readonly maxAge: number;
  readonly maxAhead: number;
}

/** 60 minutes back, 10 ahead (docs/behaviour.md#clock-window). */
export const defaultWindow: TimeWindow = { maxAge: 60 * 60_000, maxAhead: 10 * 60_000 };

export interface AuthenticatorOptions {
  readonly users: Users;
  readonly window?: TimeWindow;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

/**
 * Returns the user who signed the header. Throws fault 20014, always with the same text, if the header or a part of
 * it is missing, the user is unknown, the signature is wrong or the timestamp is unreadable; throws 20016 if the
 * timestamp is outside the window. Accepts a signature more than once, because clients reuse them
 * (docs/behaviour.md#signature).
 */
export type Authenticate = (
  header: Received<'AuthenticationHeaderInfo'> | undefined,
) => Promise<{ readonly userId: string }>;

/** Creates an authenticator. Unknown users take as long to refuse as known ones. */
export function createAuthenticator(options: AuthenticatorOptions): Authenticate {
  const { users, window = defaultWindow, now = Date.now } = options;
  const noSecret = randomBytes(24).toString('hex');
  /** A wrong signature is compared twice, so that its time does not tell whose secret was rotated. */
  const noFormer: readonly FormerSecret[] = [{ secret: noSecret, until: Number.POSITIVE_INFINITY }];

  return async (header) => {
    const known = await users.all();
    if (!header) throw refused('the AuthenticationHeader is missing');
    const { mktowsUserId: userId, requestSignature: signature, requestTimestamp: timestamp } = header;
    if (!userId) throw refused('mktowsUserId is missing');
    if (!signature) throw refused('requestSignature is missing');
    if (!timestamp) throw refused('requestTimestamp is missing');

    const user = known.get(userId);
    const secret = user && 'secret' in user ? user.secret : noSecret;
    const matches =
      signatureMatches(secret, userId, timestamp, signature) ||
      matchesFormer((user && 'former' in user && user.former) || noFormer, now(), (former) =>
        signatureMatches(former, userId, timestamp, signature),
      );
    if (!user) throw refused(`user ${quoted(userId)} is unknown`);
    if ('unusable' in user) throw refused(user.unusable);
    if (!matches) throw refused(`the signature of user ${quoted(userId)} is wrong`);

    const sent = readTimestamp(timestamp);
    if (sent === undefined) {
      throw refused(
        `the timestamp ${quoted(timestamp)} cannot be read: expected a time with its offset, such as 2013-08-05T14:22:45-07:00`,
      );
    }
    checkWindow(sent, timestamp, now(), window);
    return { userId };
  };
}

/** Tests the secrets that still hold. */
function matchesFormer(
  former: readonly FormerSecret[],
  now: number,
  matches: (secret: string) => boolean,
): boolean {
  return former.some(({ secret, until }) => matches(secret) && now < until);
}

function checkWindow(sent: number, timestamp: string, now: number, window: TimeWindow): void {
  const age = now - sent;
  if (age <= window.maxAge && -age <= window.maxAhead) return;
  const difference = `${duration(Math.abs(age))} ${age > 0 ? 'behind' : 'ahead of'} the server's clock`;
  const accepted = age > 0 ? `${duration(window.maxAge)} behind` : `${duration(window.maxAhead)} ahead`;
  throw new SoapFault(
    20016,
    `The timestamp ${quoted(timestamp)} is ${difference}, which says ${new Date(now).toISOString()}; at most ${accepted} is accepted`,
  );
}

function refused(internal: string): SoapFault {
  return new SoapFault(20014, undefined, { internal });
}

const quoted = (text: string) => JSON.stringify(shortened(text, 100));

/** Formats a duration in milliseconds: "45 s", "12 min", "3 h 20 min", "2 days 4 h". */
function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 120) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} days ${hours % 24} h`;
}
