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

/** The state of a request that is being read. */
export interface CallBeginning {
  readonly authentication: DecodedCall['authentication'];
  /** As in `DecodedCall`; undefined until it begins. */
  readonly requestElement: string | undefined;
  readonly operation: OperationName | undefined;
}

/** A request, read as far as the contract declares it. */
export interface DecodedCall {
  /** The AuthenticationHeader of Header. One in Body never counts (soap4r repeats an empty one there). */
  readonly authentication: Received<'AuthenticationHeaderInfo'> | undefined;
  /** Local name of Body's first child other than an AuthenticationHeader. */
  readonly requestElement: string;
  /** The requested operation; undefined if the contract declares none of that name. */
  readonly operation: OperationName | undefined;
  /** `Received<RequestTypeOf<operation>>`; undefined when `operation` is. */
  readonly params: unknown;
  /** The workspace that MktowsContextHeader names, as sent; undefined: none. */
  readonly targetWorkspace: string | undefined;
  readonly unreadable: UnreadableParts;
}

const authenticationElement = 'AuthenticationHeader';
const authenticationType = compiledType('AuthenticationHeaderInfo');
const contextElement = 'MktowsContextHeader';
const contextType = compiledType('MktowsContextHeaderInfo');

const interest: EnvelopeInterest = {
  header(local, uri) {
    if (local === authenticationElement) return authenticationType;
    if (!isOurs(uri)) return undefined;
    if (local === contextElement) return contextType;
    return globalElements.has(local) ? 'ignored' : undefined;
  },
  body(local, uri) {
    if (local === authenticationElement) return 'ignored';
    const operation = operationOf({ local, uri });
    return operation === undefined ? undefined : compiledType(requestType(operation));
  },
};

const authenticationIn = (headers: ReadonlyMap<string, object>) =>
  headers.get(authenticationElement) as DecodedCall['authentication'];

const workspaceIn = (headers: ReadonlyMap<string, object>) =>
  (headers.get(contextElement) as Received<'MktowsContextHeaderInfo'> | undefined)?.targetWorkspace;

const operationOf = ({ local, uri }: { local: string; uri: string }) =>
  isOurs(uri) ? operationOfRequest(local) : undefined;

/** Decodes one request. */
export interface CallDecoder {
  /** As in `EnvelopeDecoder`. */
  readHead(bytes: Uint8Array, most: number): void;
  write(bytes: Uint8Array): void;
  /** Returns undefined until the authentication is known: Header has ended, or Body has begun without one. */
  beginning(): CallBeginning | undefined;
  end(): DecodedCall;
}

/**
 * Decodes one request: bytes in pieces cut anywhere, then `end`. Which operation it is follows from Body alone,
 * never from SOAPAction (docs/wire.md#dispatch). `write` and `end` throw `SoapFault` 20012 with line and column; its
 * form says whether the request is malformed, of another version of SOAP, or has a header that must be understood.
 */
export function createCallDecoder(options: {
  contentType?: string | undefined;
  caps?: WireCaps;
}): CallDecoder {
  const decoder = createEnvelopeDecoder(options.contentType, options.caps ?? defaultCaps, interest);
  return {
    readHead: decoder.readHead,
    write: decoder.write,
    beginning() {
      const { hasHeaders, headers, body } = decoder.beginning();
      if (!hasHeaders) return undefined;
      const operation = body && operationOf(body);
      return { authentication: authenticationIn(headers), requestElement: body?.local, operation };
    },
    end() {
      const { headers, body, unreadable } = decoder.end();
      return {
        authentication: authenticationIn(headers),
        requestElement: body.local,
        operation: body.message === undefined ? undefined : operationOfRequest(body.local),
        params: body.message,
        targetWorkspace: workspaceIn(headers),
        unreadable,
      };
    },
  };
}
