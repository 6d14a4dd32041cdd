import type { Authenticate } from '../access/authenticate.ts';
import { SoapFault } from '../contract/faults.ts';
import { shortened } from '../contract/shortened.ts';
import type { CallBeginning, CallDecoder, DecodedCall } from '../wire/call-decoder.ts';
import type { CallTrace } from './call-trace.ts';

/** The maximum number of unpacked bytes that are read before the signature is verified. */
export const UNSIGNED_BYTES = 64 * 1024;
/** The size of the pieces that are decoded; the Header mostly ends in the first one. */
const PIECE_BYTES = 4 * 1024;

/** The decoded beginning of a message and its verified user. */
export interface SignedHead {
  readonly userId: string;
  /** The number of decoded bytes. */
  readonly length: number;
  /** The whole call, if all bytes have been decoded. */
  readonly decoded: DecodedCall | undefined;
}

/**
 * Decodes a message up to the end of its Header and verifies the signature. Nothing more is decoded for callers
 * without a key. Records operation and user in `trace`. Rejects with fault 20012 if this part is malformed or the
 * Header too long, and otherwise as `Authenticate` does.
 */
export async function readSignedHead(
  decoder: CallDecoder,
  bytes: Uint8Array,
  authenticate: Authenticate,
  trace: CallTrace,
): Promise<SignedHead> {
  let length = 0;
  let beginning: CallBeginning | undefined;
  while (beginning === undefined && length < bytes.length && length < UNSIGNED_BYTES) {
    const end = Math.min(length + PIECE_BYTES, bytes.length);
    decoder.write(bytes.subarray(length, end));
    length = end;
    beginning = decoder.beginning();
  }
  let decoded: DecodedCall | undefined;
  if (beginning === undefined && length === bytes.length) {
    decoded = decoder.end();
    beginning = decoder.beginning();
  }
  if (beginning === undefined) throw noHead();
  noteOperation(beginning, trace);
  trace.header = beginning.authentication;
  const { userId } = await authenticate(beginning.authentication);
  trace.userId = userId;
  return { userId, length, decoded };
}

/** Records the operation that a call names, as far as it is known. */
export function noteOperation(
  call: { readonly operation: string | undefined; readonly requestElement: string | undefined },
  trace: CallTrace,
): void {
  const { operation, requestElement } = call;
  trace.operation = operation ?? (requestElement === undefined ? null : shortened(requestElement, 100));
  trace.known = operation !== undefined;
}

const noHead = () =>
  new SoapFault(
    20012,
    `The Header does not end within the first ${UNSIGNED_BYTES} bytes of the message; send the AuthenticationHeader in it, before Body`,
  );
