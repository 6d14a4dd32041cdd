import type { UserTable } from '../store/store.ts';
import { type KeptSecret, makeSecret, type Secrets } from './secrets.ts';

/** Stores a user with an encrypted secret. Leaves an existing user unchanged unless `replace` is set. */
export async function storeUser(
  table: UserTable,
  secrets: Secrets,
  { userId, secret, replace }: { userId: string; secret: string; replace: boolean },
): Promise<'added' | 'replaced' | 'exists'> {
  const encryptedSecret = await secrets.seal(userId, secret);
  const user = { userId, encryptedSecret, createdAt: new Date().toISOString() };
  if (await table.add(user)) return 'added';
  if (!replace) return 'exists';
  await table.put(user);
  return 'replaced';
}

export interface Rotation {
  readonly userId: string;
  /** Undefined: generate one. */
  readonly secret?: string | undefined;
  /** The time in which the secrets so far hold as well, in milliseconds. */
  readonly overlap: number;
  readonly now: Date;
}

/** Attempts while others change the same user. */
const TRIES = 5;

/**
 * Gives a user a new secret and returns it; those so far hold until the overlap is over, or until an earlier end of
 * theirs. Resolves to undefined if there is no such user. Rejects with `KeyError` if the secrets cannot be decrypted.
 */
export async function rotateSecret(
  table: UserTable,
  secrets: Secrets,
  { userId, secret = makeSecret(), overlap, now }: Rotation,
): Promise<string | undefined> {
  const at = now.toISOString();
  const until = new Date(now.getTime() + overlap).toISOString();
  for (let tries = 0; tries < TRIES; tries += 1) {
    const user = await table.find(userId);
    if (user === undefined) return undefined;
    const former = (await secrets.openAll(userId, user.encryptedSecret))
      .map(
        (kept): KeptSecret => ({
          secret: kept.secret,
          createdAt: kept.createdAt ?? user.createdAt,
          until: kept.until === null || kept.until > until ? until : kept.until,
        }),
      )
      .filter((kept) => kept.until !== null && kept.until > at);
    const sealed = await secrets.sealAll(userId, [{ secret, createdAt: at, until: null }, ...former]);
    if (await table.replace({ ...user, encryptedSecret: sealed }, user.encryptedSecret)) return secret;
  }
  throw new Error(`user "${userId}" is being changed by others; its secrets are as they were`);
}
