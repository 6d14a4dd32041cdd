import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** A browser that is logged in. */
export interface Session {
  /** The value that a request that changes something must send as `x-csrf-token`. */
  readonly csrf: string;
  /** In milliseconds since the epoch. */
  readonly expiresAt: number;
  /** That of the token under which it began. */
  readonly generation: string;
}

/** The sessions of browsers, and the codes that begin one. All end with the process. */
export interface Sessions {
  /** Begins a session. `id` goes into the cookie. */
  begin(generation: string): { readonly id: string; readonly session: Session };
  find(id: string): Session | undefined;
  end(id: string): void;
  /** Makes a code that begins one session, within `CODE_TIME`. */
  makeCode(generation: string): { readonly code: string; readonly expiresAt: number };
  /** Takes a code, and returns the generation that it was made under; undefined if there is no such code. */
  takeCode(code: string): string | undefined;
}

/** In milliseconds. */
export const SESSION_TIME = 12 * 60 * 60_000;
export const CODE_TIME = 60_000;

/** The oldest ones end when there are more. */
const MOST_SESSIONS = 100;
const MOST_CODES = 20;

/** Only digests are kept and compared, so that the time of a look-up tells nothing of what is kept. */
const keyOf = (text: string): string => createHash('sha256').update(text).digest('base64url');

const randomText = (): string => randomBytes(32).toString('base64url');

export function createSessions(now: () => number = Date.now): Sessions {
  const sessions = new Map<string, Session>();
  const codes = new Map<string, { readonly generation: string; readonly expiresAt: number }>();

  return {
    begin(generation) {
      const id = randomText();
      const session = { csrf: randomText(), expiresAt: now() + SESSION_TIME, generation };
      add(sessions, keyOf(id), session, MOST_SESSIONS);
      return { id, session };
    },
    find(id) {
      const session = sessions.get(keyOf(id));
      return session === undefined || session.expiresAt <= now() ? undefined : session;
    },
    end: (id) => void sessions.delete(keyOf(id)),
    makeCode(generation) {
      const code = randomText();
      const expiresAt = now() + CODE_TIME;
      add(codes, keyOf(code), { generation, expiresAt }, MOST_CODES);
      return { code, expiresAt };
    },
    takeCode(code) {
      const key = keyOf(code);
      const found = codes.get(key);
      codes.delete(key);
      return found === undefined || found.expiresAt <= now() ? undefined : found.generation;
    },
  };
}

function add<Value>(map: Map<string, Value>, key: string, value: Value, most: number): void {
  map.set(key, value);
  for (const oldest of map.keys()) {
    if (map.size <= most) break;
    map.delete(oldest);
  }
}

/** Compares two texts in a time that tells nothing of their contents. */
export function sameText(a: string, b: string): boolean {
  const [first, second] = [a, b].map((text) => createHash('sha256').update(text).digest());
  return first !== undefined && second !== undefined && timingSafeEqual(first, second);
}
