import type { UserRow, UserTable } from '../store/store.ts';
import { KeyError } from './key.ts';
import type { Secrets } from './secrets.ts';

/** A user with a secret, or the reason why the user cannot call (one line, for the log). */
export type KnownUser =
  | { readonly secret: string; readonly former?: readonly FormerSecret[] }
  | { readonly unusable: string };

/** A secret that still holds beside the current one. */
export interface FormerSecret {
  readonly secret: string;
  /** Milliseconds since the epoch. */
  readonly until: number;
}

/** The users who may call: those in the store and those given by option. */
export interface Users {
  /** Returns all users by id, no older than the refresh time. Rejects with `StoreError`. */
  all(): Promise<ReadonlyMap<string, KnownUser>>;
  /** The ids of those given by option. */
  readonly given: readonly string[];
  /** Has the list read anew, after a change by this process. */
  forget(): void;
}

export interface UsersOptions {
  readonly table: UserTable;
  readonly secrets: Secrets;
  /** Users that are not in the store. They override stored users of the same id. */
  readonly given?: readonly { readonly userId: string; readonly secret: string }[];
  /** Returns why a secret must not be used here; undefined if it may. */
  readonly weaknessOf?: (secret: string) => string | undefined;
  /** Time for which a cached list is used, in milliseconds. */
  readonly refreshAfter?: number;
  /** Monotonic clock, in milliseconds. */
  readonly now?: () => number;
}

/**
 * Caches the list of all users for two seconds. It reads all at once, so that calls of unknown users take as long as
 * those of known ones, and often enough that changes by other processes take effect soon.
 */
export function createUsers(options: UsersOptions): Users {
  const { table, secrets, given = [], refreshAfter = 2_000, now = () => performance.now() } = options;
  const weaknessOf = options.weaknessOf ?? (() => undefined);
  let opened = new Map<string, { row: UserRow; user: KnownUser }>();
  let current: { readonly at: number; readonly users: Promise<ReadonlyMap<string, KnownUser>> } | undefined;

  function judge(userId: string, secret: string): KnownUser {
    const weakness = weaknessOf(secret);
    return weakness === undefined ? { secret } : { unusable: `the secret of user "${userId}" ${weakness}` };
  }

  async function openRow(row: UserRow): Promise<KnownUser> {
    try {
      const [current, ...others] = await secrets.openAll(row.userId, row.encryptedSecret);
      const user = judge(row.userId, current?.secret ?? '');
      if ('unusable' in user || others.length === 0) return user;
      const former = others
        .filter(({ secret }) => weaknessOf(secret) === undefined)
        .map(({ secret, until }) => ({ secret, until: Date.parse(until ?? '') }));
      return { ...user, former };
    } catch (error) {
      if (error instanceof KeyError) return { unusable: error.message };
      throw error;
    }
  }

  async function read(): Promise<ReadonlyMap<string, KnownUser>> {
    const next: typeof opened = new Map();
    for (const row of await table.list()) {
      const before = opened.get(row.userId);
      const same = before && 'secret' in before.user && sameBytes(before.row, row);
      next.set(row.userId, same ? before : { row, user: await openRow(row) });
    }
    opened = next;
    const users = new Map([...next].map(([userId, { user }]) => [userId, user]));
    for (const { userId, secret } of given) users.set(userId, judge(userId, secret));
    return users;
  }

  return {
    given: given.map(({ userId }) => userId),
    forget() {
      current = undefined;
    },
    all() {
      if (current && now() - current.at < refreshAfter) return current.users;
      const reading = { at: now(), users: read() };
      current = reading;
      reading.users.catch(() => {
        if (current === reading) current = undefined;
      });
      return reading.users;
    },
  };
}

const sameBytes = (a: UserRow, b: UserRow) => Buffer.compare(a.encryptedSecret, b.encryptedSecret) === 0;
