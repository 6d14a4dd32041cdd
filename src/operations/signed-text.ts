import { timingSafeEqual } from 'node:crypto';
import type { Backend } from '../backend.ts';

const SIGNATURE_BYTES = 16;

type Sign = Backend['sign'];

async function signatureOf(purpose: string, text: string, sign: Sign): Promise<Uint8Array> {
  return (await sign(`mktows ${purpose}\n${text}`)).subarray(0, SIGNATURE_BYTES);
}

/** Encodes a text as opaque text that is signed against modification. `purpose`: what it can be used as. */
export async function writeSignedText(purpose: string, text: string, sign: Sign): Promise<string> {
  return Buffer.concat([await signatureOf(purpose, text, sign), Buffer.from(text, 'utf8')]).toString(
    'base64url',
  );
}

/** Decodes a signed text; undefined: it was not written by this instance for this purpose. */
export async function readSignedText(
  purpose: string,
  signed: string,
  sign: Sign,
): Promise<string | undefined> {
  const bytes = Buffer.from(signed.replace(/\s/g, ''), 'base64url');
  const text = bytes.subarray(SIGNATURE_BYTES).toString('utf8');
  const signature = bytes.subarray(0, SIGNATURE_BYTES);
  const isOurs =
    signature.length === SIGNATURE_BYTES &&
    timingSafeEqual(signature, await signatureOf(purpose, text, sign));
  return isOurs ? text : undefined;
}
