import { randomBytes } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** Length of the key that encrypts the users' secrets, in bytes (AES-256). */
export const KEY_BYTES = 32;

/** The key is unavailable, or does not match the stored secrets. The message is one line for the operator. */
export class KeyError extends Error {
  override readonly name = 'KeyError';
}

/** The source of the key: `key` (MKTOWS_KEY, 64 hex digits or base64) if given, else `keyFile`. */
export interface KeySource {
  readonly key: string | undefined;
  readonly keyFile: string;
}

/** Generates a key in the form of `KeySource.key`. */
export const makeKey = (): string => randomBytes(KEY_BYTES).toString('hex');

/** Parses a key of 64 hex digits or of base64 of 32 bytes. Returns undefined for anything else. */
export function parseKey(text: string): Uint8Array | undefined {
  const trimmed = text.trim();
  if (/^[0-9a-f]{64}$/i.test(trimmed)) return Buffer.from(trimmed, 'hex');
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(trimmed)) return undefined;
  const bytes = Buffer.from(trimmed, 'base64');
  return bytes.length === KEY_BYTES ? bytes : undefined;
}

/**
 * Reads the key. With `create`, creates a missing key file with mode 0600. Rejects with `KeyError` if there is no
 * key, if other users can read the file, or if it holds anything else.
 */
export async function readKey(source: KeySource, create: boolean): Promise<Uint8Array> {
  if (source.key === undefined) return readKeyFile(source.keyFile, create);
  const key = parseKey(source.key);
  if (key) return key;
  throw new KeyError(
    'MKTOWS_KEY is not a valid key: expected 64 hex digits or base64 of 32 bytes, e.g. from "openssl rand -hex 32"',
  );
}

async function readKeyFile(path: string, create: boolean): Promise<Uint8Array> {
  for (let attempt = 0; ; attempt++) {
    const found = await openIfThere(path);
    if (found) {
      const text = await readPrivate(found, path);
      // An empty file: another process is about to write it.
      if (text !== '' || attempt >= 40) return keyIn(text, path);
      await pause(25);
    } else if (!create) {
      throw new KeyError(
        `the key file ${path} is missing; the secrets of the stored users cannot be read without it: bring it back, name it with --key-file, or set MKTOWS_KEY`,
      );
    } else {
      const made = await makeKeyFile(path);
      if (made) return made;
    }
  }
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw new KeyError(`cannot read the key file ${path}: ${(error as Error).message}`, { cause: error });
  }
}

async function readPrivate(file: FileHandle, path: string): Promise<string> {
  try {
    const { mode } = await file.stat();
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      const octal = (mode & 0o777).toString(8).padStart(4, '0');
      throw new KeyError(`others can use the key file ${path} (mode ${octal}): run "chmod 600 ${path}"`);
    }
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

function keyIn(text: string, path: string): Uint8Array {
  const key = parseKey(text);
  if (key) return key;
  throw new KeyError(
    `the key file ${path} holds no key: expected 64 hex digits or base64 of 32 bytes, found ${text.length} characters`,
  );
}

/** Creates the file and resolves to its key, or to undefined if another process created it first. */
async function makeKeyFile(path: string): Promise<Uint8Array | undefined> {
  let file: FileHandle;
  try {
    file = await open(path, 'wx', 0o600);
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return undefined;
    throw new KeyError(`cannot make the key file ${path}: ${(error as Error).message}`, { cause: error });
  }
  const key = randomBytes(KEY_BYTES);
  try {
    await file.writeFile(`${key.toString('hex')}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await syncFolder(dirname(path));
  return key;
}

/** Syncs the folder, so that the new file survives a crash, where the platform supports it. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

const isErrno = (error: unknown, code: string) => (error as NodeJS.ErrnoException).code === code;
