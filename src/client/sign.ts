const utf8 = new TextEncoder();

/**
 * Creates a function that signs calls: lower-case hex of HMAC-SHA1 over timestamp and user id
 * (docs/behaviour.md#signature). It uses WebCrypto, which Node, Bun and Deno have in common.
 */
export function createSigner(secret: string, userId: string): (timestamp: string) => Promise<string> {
  const algorithm = { name: 'HMAC', hash: 'SHA-1' };
  let key: ReturnType<typeof crypto.subtle.importKey> | undefined;
  return async (timestamp) => {
    key ??= crypto.subtle.importKey('raw', utf8.encode(secret), algorithm, false, ['sign']);
    const signature = await crypto.subtle.sign('HMAC', await key, utf8.encode(timestamp + userId));
    return Array.from(new Uint8Array(signature), (byte) => byte.toString(16).padStart(2, '0')).join('');
  };
}
