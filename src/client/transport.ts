import type { Message, Received } from '../contract/messages.ts';
import {
  type AnswerTypeOf,
  MKTOWS_NAMESPACE,
  type OperationName,
  type RequestTypeOf,
} from '../contract/operations.ts';
import { decodeAnswer } from '../wire/answer-decoder.ts';
import { encodeCall } from '../wire/call-encoder.ts';
import { MktowsFault, MktowsNoAnswer } from './errors.ts';
import { createSigner } from './sign.ts';

/** A request to the endpoint. */
export interface FetchRequest {
  readonly method: 'POST';
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly redirect: 'manual';
  readonly signal: AbortSignal;
}

/** The part of a `Response` that the client reads. */
export interface FetchResponse {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** Sends a request; the `fetch` of Node, Bun, Deno and undici is one. */
export type Fetch = (url: string, request: FetchRequest) => Promise<FetchResponse>;

export interface TransportOptions {
  readonly endpoint: string;
  readonly userId: string;
  readonly secret: string;
  readonly fetch: Fetch;
}

export interface SendOptions {
  readonly signal: AbortSignal | undefined;
  /** Milliseconds. */
  readonly timeout: number;
  /** The target of the call's MktowsContextHeader; undefined: the call has none. */
  readonly workspace?: string | undefined;
}

/** Sends a call once, signed anew. Rejects with `MktowsFault` or `MktowsNoAnswer`. */
export type Send = <Name extends OperationName>(
  operation: Name,
  params: Message<RequestTypeOf<Name>>,
  options: SendOptions,
) => Promise<Received<AnswerTypeOf<Name>>>;

/** The header in which the server names the call's id in its log and journal. */
const CALL_ID = 'mktows-call-id';

/** A timer of more milliseconds would end at once. */
const LONGEST_TIMEOUT = 2 ** 31 - 1;

export function createTransport({ endpoint, userId, secret, fetch }: TransportOptions): Send {
  const sign = createSigner(secret, userId);

  return async (operation, params, { signal, timeout, workspace }) => {
    const requestTimestamp = new Date().toISOString();
    const requestSignature = await sign(requestTimestamp);
    const authentication = { mktowsUserId: userId, requestSignature, requestTimestamp };
    const body = encodeCall(operation, params, authentication, workspace);

    if (signal?.aborted) throw aborted(operation, false, signal.reason);
    const ended = new AbortController();
    const abort = () => ended.abort(signal?.reason);
    const timer = setTimeout(() => ended.abort(), Math.min(timeout, LONGEST_TIMEOUT));
    signal?.addEventListener('abort', abort);
    let response: FetchResponse;
    let bytes: Uint8Array;
    try {
      response = await fetch(endpoint, {
        method: 'POST',
        headers: {
          'content-type': 'text/xml; charset=utf-8',
          soapaction: `"${MKTOWS_NAMESPACE}${operation}"`,
        },
        body,
        redirect: 'manual',
        signal: ended.signal,
      });
      bytes = new Uint8Array(await response.arrayBuffer());
    } catch (cause) {
      if (signal?.aborted) throw aborted(operation, true, signal.reason);
      if (ended.signal.aborted) {
        const message = `${operation} was not answered within ${timeout} ms by ${endpoint}`;
        throw new MktowsNoAnswer(operation, message, { reason: 'timeout', outcomeUnknown: true, cause });
      }
      throw notConnected(operation, endpoint, cause);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    }
    return read(operation, endpoint, bytes, response);
  };
}

/** The error of a call that its signal ended. */
export function aborted(operation: OperationName, outcomeUnknown: boolean, cause: unknown): MktowsNoAnswer {
  return new MktowsNoAnswer(operation, `${operation} was aborted`, {
    reason: 'aborted',
    outcomeUnknown,
    cause,
  });
}

/** Codes of errors that come before anything is sent: in Node, in Bun. */
const notSent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'ConnectionRefused',
  'FailedToOpenSocket',
]);

function notConnected(operation: OperationName, endpoint: string, error: unknown): MktowsNoAnswer {
  const { code, message, cause } = error as {
    code?: string;
    message?: string;
    cause?: { code?: string; message?: string };
  };
  const reached = cause?.code ?? code;
  // Deno says it in words only.
  const wasSent = !(notSent.has(reached ?? '') || /\(Connect\)/.test(message ?? ''));
  const why = worded(cause?.message) || reached || message;
  return new MktowsNoAnswer(operation, `${operation}: the connection to ${endpoint} failed: ${why}`, {
    reason: 'connection',
    outcomeUnknown: wasSent,
    cause: error,
  });
}

/** `40634…:error:0A00010B:SSL routines:tls_validate_record_header:wrong version number:../deps/…` → its words. */
const worded = (message: string | undefined): string | undefined =>
  /:SSL routines:[^:]*:([^:]+)/.exec(message ?? '')?.[1] ?? message;

function read<Name extends OperationName>(
  operation: Name,
  endpoint: string,
  bytes: Uint8Array,
  { status, headers }: FetchResponse,
): Received<AnswerTypeOf<Name>> {
  let decoded: ReturnType<typeof decodeAnswer<Name>>;
  try {
    decoded = decodeAnswer(operation, bytes, headers.get('content-type') ?? undefined);
  } catch (cause) {
    const location = headers.get('location');
    const hint =
      location !== null
        ? `it redirects to ${location}`
        : status === 404
          ? 'there is nothing at this address; expected that of an endpoint, such as http://HOST:8980/soap/mktows/2_7'
          : (cause as Error).message;
    const message = `The answer of ${endpoint} is not SOAP (HTTP ${status}): ${hint}`;
    throw new MktowsNoAnswer(operation, message, { reason: 'answer', outcomeUnknown: true, cause });
  }
  if (decoded.kind === 'answer') return decoded.answer;
  throw new MktowsFault(operation, { ...decoded, callId: headers.get(CALL_ID) ?? undefined });
}
