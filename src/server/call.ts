import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Authenticate } from '../access/authenticate.ts';
import type { Limits } from '../access/limits.ts';
import type { BackendFor } from '../backend.ts';
import { SoapFault } from '../contract/faults.ts';
import { type OperationName, operationNames, requestElement } from '../contract/operations.ts';
import { shortened } from '../contract/shortened.ts';
import type {
  Operation,
  OperationCall,
  OperationContext,
  OperationOutcome,
} from '../operations/operation.ts';
import { requestedMode } from '../operations/requested-mode.ts';
import { operationTable } from '../operations/table.ts';
import type { MObjectSettings } from '../rules/settings.ts';
import { encodeAnswer } from '../wire/answer.ts';
import { type CallDecoder, createCallDecoder, type DecodedCall } from '../wire/call-decoder.ts';
import type { WireCaps } from '../wire/caps.ts';
import { type BodyBeginning, inflateBeginning, inflateBody } from '../wire/content-coding.ts';
import type { CallTrace } from './call-trace.ts';
import { noteOperation, readSignedHead } from './signed-head.ts';

/** A call as received over HTTP. */
export interface IncomingCall {
  /** As sent; at most `WireCaps.maxBytes` long. */
  readonly body: Uint8Array;
  readonly contentType: string | undefined;
  readonly contentEncoding: string | undefined;
  readonly address: string | null;
  /** The major API version of the endpoint; not given: 2. */
  readonly version?: number;
}

export interface CallParts {
  readonly backendFor: BackendFor;
  readonly settings: MObjectSettings;
  readonly authenticate: Authenticate;
  readonly limits: Limits;
  readonly caps: WireCaps;
  readonly now: () => Date;
  readonly around?: AroundCall | undefined;
}

/** Wraps each call. Throws to refuse the call, or calls `perform` and returns its result. */
export type AroundCall = (
  call: { readonly operation: OperationName; readonly params: unknown; readonly callId: string },
  perform: () => Promise<OperationOutcome<OperationName>>,
) => Promise<OperationOutcome<OperationName>>;

/** The number of bytes that are decoded before other work can run. */
const SLICE_BYTES = 256 * 1024;

/**
 * Handles one call, from the bytes of its body to the text of its answer, and records its progress in `trace`. Throws
 * `SoapFault` or `StoreError`.
 */
export type HandleCall = (call: IncomingCall, trace: CallTrace) => Promise<string>;

/**
 * Checks that the Header of a call is well-formed and signed, before the rest of a large body is read or unpacked.
 * `isWhole`: `body` is complete, not just a beginning. Resolves to the unpacked beginning. Throws as `HandleCall`
 * does.
 */
export type CheckBeginning = (
  call: IncomingCall,
  isWhole: boolean,
  trace: CallTrace,
) => Promise<BodyBeginning>;

/** `most`: the number of bytes of the beginning to check, as sent and unpacked. */
export function createBeginningCheck(
  { authenticate, caps }: Pick<CallParts, 'authenticate' | 'caps'>,
  most: number,
): CheckBeginning {
  return async ({ body, contentType, contentEncoding }, isWhole, trace) => {
    const beginning = await inflateBeginning({ bytes: body, isWhole }, contentEncoding, most);
    // A complete body is small; its signature is checked when the call is handled.
    if (!beginning.isWhole) {
      await readSignedHead(createCallDecoder({ contentType, caps }), beginning.bytes, authenticate, trace);
    }
    return beginning;
  };
}

export function createCallHandler(parts: CallParts): HandleCall {
  const { authenticate, limits, caps } = parts;

  return async (call, trace) => {
    const { body, contentType, contentEncoding: coding } = call;
    const plain = coding === undefined ? body : await inflateBody(body, coding, caps.maxBytes);
    const decoder = createCallDecoder({ contentType, caps });
    const head = await readSignedHead(decoder, plain, authenticate, trace);
    const decoded = head.decoded ?? (await decodeRest(decoder, plain, head.length));
    noteOperation(decoded, trace);
    trace.mode = requestedMode(decoded.operation, decoded.params);
    const release = limits.admit();
    try {
      const { backendFor, settings, now } = parts;
      const { callId, began } = trace;
      const info = { callId, userId: head.userId, address: call.address, began };
      const context = { backend: backendFor(info), settings, now: now(), version: call.version ?? 2 };
      return await perform(decoded, context, trace, parts.around);
    } finally {
      release();
    }
  };
}

async function decodeRest(decoder: CallDecoder, body: Uint8Array, begun: number): Promise<DecodedCall> {
  for (let at = begun; at < body.length; at += SLICE_BYTES) {
    if (at > begun) await nextTurn();
    decoder.write(body.subarray(at, at + SLICE_BYTES));
  }
  return decoder.end();
}

async function perform(
  decoded: DecodedCall,
  context: OperationContext,
  trace: CallTrace,
  around: AroundCall | undefined,
): Promise<string> {
  const name = decoded.operation;
  if (name === undefined) throw unknownRequest(decoded);
  const operation = operationTable[name] as Operation<OperationName>;
  const { params, unreadable, targetWorkspace } = decoded;
  const call = { params, unreadable, targetWorkspace } as OperationCall<OperationName>;
  const { callId } = trace;
  const outcome = around
    ? await around({ operation: name, params, callId }, () => operation(call, context))
    : await operation(call, context);
  const { answer, rows, mode, isJournaled } = outcome;
  for (const { status, count = 1 } of rows) trace.rows.set(status, (trace.rows.get(status) ?? 0) + count);
  const text = encodeAnswer(name, answer);
  trace.answered = { mode, isJournaled };
  return text;
}

function unknownRequest({ requestElement: sent }: DecodedCall): SoapFault {
  // Clients without the WSDL send the operation's own name.
  const meant = operationNames.find((name) => name.toLowerCase() === sent.toLowerCase());
  const expected = (meant ? [meant] : operationNames).map(requestElement).join(', ');
  return new SoapFault(
    20019,
    `The body has the element "${shortened(sent, 100)}", which is not a request of the API; expected ${expected}`,
  );
}
