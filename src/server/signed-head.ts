import type { Authenticate } from '../access/authenticate.ts';
import { SoapFault } from '../contract/faults.ts';
import { shortened } from '../contract/shortened.ts';
import type { CallBeginning, CallDecoder, DecodedCall } from '../wire/call-decoder.ts';
import type { CallTrace } from './call-trace.ts';

/** So many bytes of a message, unpacked, are read at most before its signature is known to be right. */
export const UNSIGNED_BYTES = 64 * 1024;
/** They are read in pieces of so many bytes: Header mostly ends in the first one. */
const PIECE_BYTES = 4 * 1024;

/** How far a message was decoded, and who signed it. */
export interface SignedHead {
  readonly userId: string;
  /** Bytes that were decoded. */
  readonly length: number;
  /** The whole call, where there are no more bytes and the decoder was told so. */
  readonly decoded: DecodedCall | undefined;
}

/**
 * Decodes a message until its Header has ended, and checks the signature in it. Whoever has no key gets no further.
 * Notes operation and user in `trace`. Rejects with fault 20012 where the message is malformed up to there, or its
 * Header too long, and else as `Authenticate` does.
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
  const { userId } = await authenticate(beginning.authentication);
  trace.userId = userId;
  return { userId, length, decoded };
}

/** Notes which operation a call asks for, as far as that is known. */
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
