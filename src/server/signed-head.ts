import type { Authenticate } from '../access/authenticate.ts';
import { SoapFault } from '../contract/faults.ts';
import { shortened } from '../contract/shortened.ts';
import type { CallDecoder, DecodedCall } from '../wire/call-decoder.ts';
import type { CallTrace } from './call-trace.ts';

/** The maximum number of characters that are read before the signature is verified. */
export const UNSIGNED_CHARACTERS = 64 * 1024;
/**
 * The number of bytes that are turned into text at once. What is behind the Header is then read from the same text:
 * text that came in two parts is read a tenth slower.
 */
const PIECE_BYTES = 256 * 1024;

/** The decoded beginning of a message and its verified user. */
export interface SignedHead {
  readonly userId: string;
  /** The number of bytes that the decoder has got. */
  readonly length: number;
  /** The whole call, if it had to be decoded to its end. */
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
  const length = Math.min(PIECE_BYTES, bytes.length);
  decoder.readHead(bytes.subarray(0, length), UNSIGNED_CHARACTERS);
  let beginning = decoder.beginning();
  let decoded: DecodedCall | undefined;
  if (beginning === undefined && length <= UNSIGNED_CHARACTERS) {
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
    `The Header does not end within the first ${UNSIGNED_CHARACTERS} characters of the message; send the AuthenticationHeader in it, before Body`,
  );
