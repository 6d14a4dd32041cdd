import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { KeyError, type KeySource, readKey } from './key.ts';

/**
 * Encrypts users' secrets for the store. They cannot be hashed, because the server needs them to compute HMACs.
 * Encryption protects them if only the database is stolen.
 */
export interface Secrets {
  /** Encrypts a user's secret for the store. Creates the key file if there is none. */
  seal(userId: string, secret: string): Promise<Uint8Array>;
  /** Encrypts all secrets of a user, the current one first. */
  sealAll(userId: string, kept: readonly KeptSecret[]): Promise<Uint8Array>;
  /** Decrypts the current secret. Rejects with `KeyError`. */
  open(userId: string, sealed: Uint8Array): Promise<string>;
  /** Decrypts all secrets of the user, the current one first. Rejects with `KeyError`. */
  openAll(userId: string, sealed: Uint8Array): Promise<readonly KeptSecret[]>;
}

/** A secret of a user. */
export interface KeptSecret {
  readonly secret: string;
  /** UTC, ISO 8601; null: with the user. */
  readonly createdAt: string | null;
  /** The time when it ceases to hold, UTC, ISO 8601; null: it is the current one. */
  readonly until: string | null;
}

// Layout: version (1 byte), nonce (12), tag (16), ciphertext.
/** The ciphertext is one secret. */
const ONE_SECRET = 1;
/** The ciphertext is a JSON list of secrets. */
const SECRETS = 2;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEAD_BYTES = 1 + NONCE_BYTES + TAG_BYTES;

/** The version is bound, too: otherwise one secret could be taken for a list of them. */
const boundTo = (userId: string, version: number) =>
  Buffer.from(`mktows ${version === ONE_SECRET ? 'user' : 'secrets of user'}\n${userId}`, 'utf8');

/** Creates encryption with this key: AES-256-GCM with a random nonce, bound to the user id. */
export function createSecrets(source: KeySource): Secrets {
  let known: Uint8Array | undefined;
  async function key(create: boolean): Promise<Uint8Array> {
    known ??= await readKey(source, create);
    return known;
  }
  const keyName = source.key === undefined ? `the key file ${source.keyFile}` : 'MKTOWS_KEY';

  async function sealText(version: number, userId: string, text: string): Promise<Uint8Array> {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', await key(true), nonce).setAAD(boundTo(userId, version));
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([Buffer.of(version), nonce, cipher.getAuthTag(), sealed]);
  }

  async function openAll(userId: string, sealed: Uint8Array): Promise<readonly KeptSecret[]> {
    const bytes = Buffer.from(sealed);
    const version = bytes[0] ?? 0;
    const nonce = bytes.subarray(1, 1 + NONCE_BYTES);
    const tag = bytes.subarray(1 + NONCE_BYTES, HEAD_BYTES);
    const current = await key(false);
    try {
      if (![ONE_SECRET, SECRETS].includes(version) || tag.length !== TAG_BYTES)
        throw new Error('not a sealed secret');
      const decipher = createDecipheriv('aes-256-gcm', current, nonce, { authTagLength: TAG_BYTES })
        .setAAD(boundTo(userId, version))
        .setAuthTag(tag);
      const text = Buffer.concat([decipher.update(bytes.subarray(HEAD_BYTES)), decipher.final()]).toString(
        'utf8',
      );
      return version === ONE_SECRET ? [{ secret: text, createdAt: null, until: null }] : JSON.parse(text);
    } catch (cause) {
      throw new KeyError(
        `${keyName} does not decrypt the stored secret of user "${userId}": use the key that the user was added under, or add the user again`,
        { cause },
      );
    }
  }

  return {
    seal: (userId, secret) => sealText(ONE_SECRET, userId, secret),
    sealAll: (userId, kept) => sealText(SECRETS, userId, JSON.stringify(kept)),
    openAll,
    async open(userId, sealed) {
      const [current] = await openAll(userId, sealed);
      return current?.secret ?? '';
    },
  };
}

/**
 * Minimum length of a secret if other machines can reach the server. Marketo asked for 10
 * (docs/behaviour.md#signature).
 */
export const SHORTEST_SECRET = 10;

/** The published secret of the demo user, allowed on loopback only. */
export const DEMO_SECRET = 'mktows-demo-secret-for-loopback-only';

/** Returns why a secret is too weak for a server that other machines can reach; undefined if it is not. */
export function weaknessOf(secret: string): string | undefined {
  if (secret === DEMO_SECRET) return 'is the published secret of the demo';
  if (secret.length < SHORTEST_SECRET) return `is shorter than ${SHORTEST_SECRET} characters`;
  return undefined;
}

/** Generates a secret: 40 hex digits, 160 bits. */
export const makeSecret = (): string => randomBytes(20).toString('hex').toUpperCase();

/** Generates a user id in Marketo's form, `<name>_<hex>`. */
export const makeUserId = (): string => `mktows_1_${randomBytes(11).toString('hex').toUpperCase()}`;
