import { createAddressList } from '../access/addresses.ts';
import { type Secrets, SHORTEST_SECRET, weaknessOf } from '../access/secrets.ts';
import { createUsers, type Users } from '../access/users.ts';
import { nameProblem } from '../contract/names.ts';
import type { UserTable } from '../store/store.ts';
import { CommandFailure } from './failure.ts';
import type { ServeValues } from './serve-settings.ts';

const loopback = createAddressList(['127.0.0.0/8', '::1']);

/** Returns whether a server on this host is reachable only from this machine. */
export const isLoopback = (host: string): boolean => host === 'localhost' || loopback.allows(host);

/** Returns the user that the options define; undefined if they define none. */
export function givenUser(values: ServeValues): { userId: string; secret: string } | undefined {
  const { user: userId, secret } = values;
  const problem = userId === undefined ? undefined : nameProblem(userId);
  if (problem !== undefined) throw new CommandFailure(`--user: the user id "${userId}" ${problem}`);
  if (userId !== undefined && secret !== undefined) return { userId, secret };
  if (userId !== undefined) throw new CommandFailure('--user needs a secret: set MKTOWS_SECRET or --secret');
  if (secret !== undefined) throw new CommandFailure('--secret needs a user: set MKTOWS_USER or --user');
  return undefined;
}

/** Returns the users who may call this server. Unless it listens on loopback, weak secrets are rejected. */
export function usersFor(values: ServeValues, table: UserTable, secrets: Secrets): Users {
  const user = givenUser(values);
  return createUsers({
    table,
    secrets,
    given: user ? [user] : [],
    ...(isLoopback(values.host)
      ? {}
      : { weaknessOf: (secret: string) => weaknessBeyondLoopback(secret, values.host) }),
  });
}

/**
 * Returns the ids of all users. Throws a `CommandFailure` if one of them cannot call, because of the key or a weak
 * secret.
 */
export async function knownUserIds(
  values: ServeValues,
  table: UserTable,
  secrets: Secrets,
): Promise<string[]> {
  const users = await usersFor(values, table, secrets).all();
  for (const user of users.values()) {
    if ('unusable' in user) throw new CommandFailure(user.unusable);
  }
  return [...users.keys()];
}

function weaknessBeyondLoopback(secret: string, host: string): string | undefined {
  const weakness = weaknessOf(secret);
  if (weakness === undefined) return undefined;
  return `${weakness}, and other machines can reach ${host}: give the user a secret of ${SHORTEST_SECRET} characters or more, or leave --host at 127.0.0.1`;
}
