import type { Message, Received } from '../contract/messages.ts';
import {
  type AnswerTypeOf,
  MKTOWS_NAMESPACE,
  type OperationName,
  type RequestTypeOf,
} from '../contract/operations.ts';
import { decodeAnswer } from '../wire/answer-decoder.ts';
import { encodeCall } from '../wire/call-encoder.ts';
import { sign } from '../wire/signature.ts';

export interface ClientOptions {
  /** The URL of the endpoint, without `?WSDL`. */
  readonly endpoint: string;
  readonly userId: string;
  readonly secret: string;
  /** Sends the request; default: Node's `fetch`. */
  readonly fetch?: typeof globalThis.fetch;
}

export interface Client {
  /**
   * Calls an operation. Rejects with `MktowsFault` if the server answers with a SOAP fault, and with another error if
   * there is no answer or it is not SOAP.
   */
  call<Name extends OperationName>(
    operation: Name,
    params: Message<RequestTypeOf<Name>>,
    options?: { readonly signal?: AbortSignal },
  ): Promise<Received<AnswerTypeOf<Name>>>;
}

/** A SOAP fault. `message` is the message of its detail. */
export class MktowsFault extends Error {
  override readonly name = 'MktowsFault';
  /** The code of its detail, if there is one. */
  readonly code: number | undefined;
  readonly faultcode: string;
  readonly faultstring: string;

  constructor(fault: {
    readonly message: string;
    readonly code: number | undefined;
    readonly faultcode: string;
    readonly faultstring: string;
  }) {
    super(fault.message || fault.faultstring);
    this.code = fault.code;
    this.faultcode = fault.faultcode;
    this.faultstring = fault.faultstring;
  }
}

/** Creates a client that signs each call. */
export function createClient(options: ClientOptions): Client {
  const { endpoint, userId, secret, fetch = globalThis.fetch } = options;

  function authentication(): Message<'AuthenticationHeaderInfo'> {
    const requestTimestamp = new Date().toISOString();
    const requestSignature = sign(secret, userId, requestTimestamp);
    return { mktowsUserId: userId, requestSignature, requestTimestamp };
  }

  return {
    async call(operation, params, { signal } = {}) {
      const response = await fetch(endpoint, {
        method: 'POST',
        headers: {
          'content-type': 'text/xml; charset=utf-8',
          soapaction: `"${MKTOWS_NAMESPACE}${operation}"`,
        },
        body: encodeCall(operation, params, authentication()),
        signal: signal ?? null,
      });
      const bytes = new Uint8Array(await response.arrayBuffer());
      const decoded = read(operation, bytes, response);
      if (decoded.kind === 'fault') throw new MktowsFault(decoded);
      return decoded.answer;
    },
  };
}

function read<Name extends OperationName>(operation: Name, bytes: Uint8Array, response: Response) {
  try {
    return decodeAnswer(operation, bytes, response.headers.get('content-type') ?? undefined);
  } catch (cause) {
    throw new Error(
      `The answer of ${response.url} is not SOAP (HTTP ${response.status}): ${(cause as Error).message}`,
      { cause },
    );
  }
}
