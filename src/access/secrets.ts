import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { KeyError, type KeySource, readKey } from './key.ts';

/**
 * Encrypts users' secrets for the store. They cannot be hashed, because the server needs them to compute HMACs.
 * Encryption protects them if only the database is stolen.
 */
export interface Secrets {
  /** Encrypts a user's secret for the store. Creates the key file if there is none. */
  seal(userId: string, secret: string): Promise<Uint8Array>;
  /** Decrypts the result of `seal` for the same user. Rejects with `KeyError`. */
  open(userId: string, sealed: Uint8Array): Promise<string>;
}

// Layout: version (1 byte), nonce (12), tag (16), ciphertext.
const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEAD_BYTES = 1 + NONCE_BYTES + TAG_BYTES;

const boundTo = (userId: string) => Buffer.from(`mktows user\n${userId}`, 'utf8');

/** Creates encryption with this key: AES-256-GCM with a random nonce, bound to the user id. */
export function createSecrets(source: KeySource): Secrets {
  let known: Uint8Array | undefined;
  async function key(create: boolean): Promise<Uint8Array> {
    known ??= await readKey(source, create);
    return known;
  }
  const keyName = source.key === undefined ? `the key file ${source.keyFile}` : 'MKTOWS_KEY';

  return {
    async seal(userId, secret) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', await key(true), nonce).setAAD(boundTo(userId));
      const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
      return Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), text]);
    },

    async open(userId, sealed) {
      const bytes = Buffer.from(sealed);
      const nonce = bytes.subarray(1, 1 + NONCE_BYTES);
      const tag = bytes.subarray(1 + NONCE_BYTES, HEAD_BYTES);
      const current = await key(false);
      try {
        if (bytes[0] !== VERSION || tag.length !== TAG_BYTES) throw new Error('not a sealed secret');
        const decipher = createDecipheriv('aes-256-gcm', current, nonce, { authTagLength: TAG_BYTES })
          .setAAD(boundTo(userId))
          .setAuthTag(tag);
        return Buffer.concat([decipher.update(bytes.subarray(HEAD_BYTES)), decipher.final()]).toString(
          'utf8',
        );
      } catch (cause) {
        throw new KeyError(
          `${keyName} does not decrypt the stored secret of user "${userId}": use the key that the user was added under, or add the user again`,
          { cause },
        );
      }
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
