import { createHmac, timingSafeEqual } from 'node:crypto';
import { SoapFault } from '../contract/faults.ts';
import type { Received } from '../contract/messages.ts';

/** The question that a stream position carries: what getMObjects was asked, but for the position itself. */
export type CarriedQuery = Omit<Received<'ParamsGetMObjects'>, 'streamPosition'>;

/** Where a stream goes on: behind the id `after`, or nowhere, since the page before was the last. */
export interface StreamPosition {
  readonly query: CarriedQuery;
  readonly after: number;
  readonly atEnd: boolean;
}

const VERSION = 1;
const SIGNATURE_BYTES = 16;

const signatureOf = (key: Uint8Array, text: string) =>
  createHmac('sha256', key).update(`mktows stream position\n${text}`).digest().subarray(0, SIGNATURE_BYTES);

/**
 * Writes a stream position as opaque text: the whole query, since clients resend only type and position
 * (docs/behaviour.md#stream-positions), signed so that it cannot be changed. It stays good as long as the database
 * does.
 */
export function writeStreamPosition(position: StreamPosition, key: Uint8Array): string {
  const text = JSON.stringify([VERSION, position.query, position.after, position.atEnd]);
  return Buffer.concat([signatureOf(key, text), Buffer.from(text, 'utf8')]).toString('base64url');
}

/** Reads what `writeStreamPosition` wrote; fault 20122 for everything else. */
export function readStreamPosition(text: string, key: Uint8Array): StreamPosition {
  const bytes = Buffer.from(text.replace(/\s/g, ''), 'base64url');
  const signed = bytes.subarray(SIGNATURE_BYTES).toString('utf8');
  const signature = bytes.subarray(0, SIGNATURE_BYTES);
  if (signature.length < SIGNATURE_BYTES || !timingSafeEqual(signature, signatureOf(key, signed))) {
    throw badPosition('was not given out by this instance, or was changed on the way');
  }
  const [version, query, after, atEnd] = JSON.parse(signed) as [number, CarriedQuery, number, boolean];
  if (version !== VERSION) throw badPosition('is of another version of this server; start again without it');
  return { query, after, atEnd };
}

/** The fault of a stream position that cannot be used. */
export const badPosition = (why: string): SoapFault => new SoapFault(20122, `streamPosition ${why}`);
