import { randomBytes } from 'node:crypto';
import { readPrivateFile } from './private-file.ts';

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
  const file = {
    path,
    what: 'key file',
    failure: (message: string, cause?: unknown) => new KeyError(message, { cause }),
  };
  const text = await readPrivateFile(file, create ? () => `${makeKey()}\n` : undefined);
  if (text !== undefined) return keyIn(text, path);
  throw new KeyError(
    `the key file ${path} is missing; the secrets of the stored users cannot be read without it: bring it back, name it with --key-file, or set MKTOWS_KEY`,
  );
}

function keyIn(text: string, path: string): Uint8Array {
  const key = parseKey(text);
  if (key) return key;
  if (text === '') {
    throw new KeyError(
      `the key file ${path} is empty: bring it back from a backup. If no users are stored in the database, delete it, and a new one is made`,
    );
  }
  throw new KeyError(
    `the key file ${path} holds no key: expected 64 hex digits or base64 of 32 bytes, found ${text.length} characters`,
  );
}
