import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type PrivateFile, readPrivateFile, syncFolder } from '../access/private-file.ts';

/** The token cannot be read or made. The message is one line for the operator. */
export class TokenError extends Error {
  override readonly name = 'TokenError';
}

/** The bearer token of the admin API. */
export interface AdminToken {
  /** Returns whether a text is the token. Takes the same time for all texts of a length. */
  matches(text: string): Promise<boolean>;
  /** Returns what changes when the token is replaced: sessions that began under another one have ended. */
  generation(): Promise<string>;
}

/** 256 bits, so that it cannot be guessed. */
const makeToken = (): string => `mktows_${randomBytes(32).toString('base64url')}`;

const fileAt = (path: string): PrivateFile => ({
  path,
  what: 'admin token file',
  failure: (message, cause) => new TokenError(message, { cause }),
});

const digestOf = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Reads the token from its file, which is made when it is missing. Rejects with `TokenError`. */
export async function readToken(path: string): Promise<string> {
  const text = ((await readPrivateFile(fileAt(path), () => `${makeToken()}\n`)) ?? '').trim();
  if (text.length >= 32 && /^[\x21-\x7e]+$/.test(text)) return text;
  throw new TokenError(
    `the admin token file ${path} holds no token: expected one line of 32 visible ASCII characters or more; "mktows admin-token --rotate" makes a new one`,
  );
}

/** Replaces the token. Running servers accept only the new one from then on. */
export async function rotateToken(path: string): Promise<string> {
  const token = makeToken();
  const beside = `${path}.new-${process.pid}`;
  try {
    const file = await open(beside, 'wx', 0o600);
    try {
      await file.writeFile(`${token}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw new TokenError(`cannot write the admin token file ${path}: ${(error as Error).message}`, {
      cause: error,
    });
  }
  await syncFolder(dirname(path));
  return token;
}

/** Follows the token in a file: a replaced one holds at once. Rejects with `TokenError` while it cannot be read. */
export async function tokenInFile(path: string): Promise<AdminToken> {
  let seen = '';
  let digest = digestOf(await readToken(path));

  async function refresh(): Promise<void> {
    const { mtimeMs, ino, size } = await stat(path).catch(() => ({ mtimeMs: 0, ino: 0, size: 0 }));
    const now = `${mtimeMs}/${ino}/${size}`;
    if (now === seen) return;
    digest = digestOf(await readToken(path));
    seen = now;
  }
  await refresh();

  return {
    async matches(text) {
      await refresh();
      return timingSafeEqual(digestOf(text), digest);
    },
    async generation() {
      await refresh();
      return digest.toString('base64url');
    },
  };
}
