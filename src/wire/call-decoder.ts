import type { Received, UnreadableParts } from '../contract/messages.ts';
import {
  globalElements,
  type OperationName,
  operationOfRequest,
  requestType,
} from '../contract/operations.ts';
import { defaultCaps, type WireCaps } from './caps.ts';
import { compiledType } from './compiled-type.ts';
import { createEnvelopeDecoder } from './envelope-decoder.ts';
import type { EnvelopeInterest } from './envelope-reader.ts';
import { isOurs } from './namespaces.ts';

/** A request, read as far as the contract tells what it is. */
export interface DecodedCall {
  /** The AuthenticationHeader of Header. One in Body never counts (soap4r repeats an empty one there). */
  readonly authentication: Received<'AuthenticationHeaderInfo'> | undefined;
  /** Local name of Body's first child, that one apart. */
  readonly requestElement: string;
  /** The operation that it asks for; undefined when it is none of the contract's. */
  readonly operation: OperationName | undefined;
  /** `Received<RequestTypeOf<operation>>`; undefined when `operation` is. */
  readonly params: unknown;
  readonly unreadable: UnreadableParts;
}

const authenticationElement = 'AuthenticationHeader';
const authenticationType = compiledType('AuthenticationHeaderInfo');

const interest: EnvelopeInterest = {
  header(local, uri) {
    if (!isOurs(uri)) return undefined;
    if (local === authenticationElement) return authenticationType;
    return globalElements.has(local) ? 'ignored' : undefined;
  },
  body(local, uri) {
    if (local === authenticationElement) return 'ignored';
    const operation = isOurs(uri) ? operationOfRequest(local) : undefined;
    return operation === undefined ? undefined : compiledType(requestType(operation));
  },
};

/**
 * Decodes one request: bytes in pieces cut anywhere, then `end`. Which operation it is follows from Body alone,
 * never from SOAPAction (docs/wire.md#dispatch). Both methods throw `SoapFault` 20012 with line and column; its form
 * says whether the request is malformed, of another version of SOAP, or has a header that must be understood.
 */
export function createCallDecoder(options: { contentType?: string | undefined; caps?: WireCaps }): {
  write(bytes: Uint8Array): void;
  end(): DecodedCall;
} {
  const decoder = createEnvelopeDecoder(options.contentType, options.caps ?? defaultCaps, interest);
  return {
    write: decoder.write,
    end() {
      const { headers, body, unreadable } = decoder.end();
      return {
        authentication: headers.get(authenticationElement) as DecodedCall['authentication'],
        requestElement: body.local,
        operation: body.message === undefined ? undefined : operationOfRequest(body.local),
        params: body.message,
        unreadable,
      };
    },
  };
}
