import type { UserRow, UserTable } from '../store/store.ts';
import { KeyError } from './key.ts';
import type { Secrets } from './secrets.ts';

/** A user who may call, or one who cannot because of what `unusable` says (one line, for the log). */
export type KnownUser = { readonly secret: string } | { readonly unusable: string };

/** Who may call: the users of the store, and those given by option. */
export interface Users {
  /** All of them by user id, not older than the refresh time. Rejects with `StoreError`. */
  all(): Promise<ReadonlyMap<string, KnownUser>>;
}

export interface UsersOptions {
  readonly table: UserTable;
  readonly secrets: Secrets;
  /** Users who are in no store; each wins over a stored one of the same id. */
  readonly given?: readonly { readonly userId: string; readonly secret: string }[];
  /** Why a secret must not be used here; undefined if it may. */
  readonly weaknessOf?: (secret: string) => string | undefined;
  /** For how long a reading of the table is good, in milliseconds. */
  readonly refreshAfter?: number;
  /** Milliseconds on a clock that never goes back. */
  readonly now?: () => number;
}

/**
 * Reads all users at once, so that a call of an unknown user costs what one of a known user costs, and again when
 * the reading is older than two seconds, so that what another process adds or removes counts soon.
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
      return judge(row.userId, await secrets.open(row.userId, row.encryptedSecret));
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
