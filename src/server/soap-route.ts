import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { AddressList } from '../access/addresses.ts';
import { SoapFault } from '../contract/faults.ts';
import { encodeFault } from '../wire/fault.ts';
import { writeWsdl } from '../wire/wsdl.ts';
import type { IncomingCall } from './call.ts';
import type { CallQueue } from './call-queue.ts';
import type { CallRecords } from './call-records.ts';
import { type CallTrace, createTrace } from './call-trace.ts';
import { asksForWsdl, majorVersion, SOAP_PATH } from './endpoint.ts';
import { faultFor } from './faults.ts';
import type { Forwarded } from './forwarded.ts';
import type { HeldAnswers } from './held-answers.ts';
import type { Logger } from './log.ts';
import type { Bodies } from './request-bodies.ts';
import { sendXml } from './xml-answer.ts';

export interface SoapRouteParts {
  readonly calls: Pick<CallQueue, 'handleCall' | 'checkBeginning'>;
  /** The client addresses that may call; undefined: all. */
  readonly addresses: AddressList | undefined;
  readonly answers: HeldAnswers;
  readonly forwarded: Forwarded;
  readonly bodies: Bodies;
  /** Returns the fault for all requests on this connection; undefined if it is not refused. */
  readonly refusalOf: (socket: Socket) => SoapFault | undefined;
  /** Returns whether the connection closes after the next answer. */
  readonly closesAfterAnswer: (socket: Socket) => boolean;
  /** Resolves when a sent answer has been written or its connection closed; returns undefined if that is already so. */
  readonly whenOut: (response: ServerResponse) => Promise<void> | undefined;
  readonly records: CallRecords;
  readonly logger: Logger;
  /** Called before each answer is sent. If it returns `drop`, the connection closes without an answer. */
  readonly beforeAnswer?: BeforeAnswer | undefined;
}

export type BeforeAnswer = (trace: CallTrace) => 'send' | 'drop';

/** Answers a request to the endpoint of an API version. */
export type SoapRoute = (request: IncomingMessage, response: ServerResponse, version: string) => void;

/** The SOAP endpoint: calls by POST, the WSDL by GET. Every request to its path gets an answer or a SOAP fault. */
export function createSoapRoute(parts: SoapRouteParts): SoapRoute {
  const { addresses, answers, forwarded, bodies, records, logger } = parts;

  async function answer(request: IncomingMessage, response: ServerResponse, version: string): Promise<void> {
    const trace = createTrace();
    const address = forwarded.addressOf(request);
    await send(request, response, version, trace, address);
    await parts.whenOut(response);
    bodies.release(request);
    if (trace.operation === null && !trace.fault) return;
    records.finished(trace, address);
  }

  /** Builds the answer and sends it, without keeping its text while the client reads. */
  async function send(
    request: IncomingMessage,
    response: ServerResponse,
    version: string,
    trace: CallTrace,
    address: string | null,
  ): Promise<void> {
    let text: string;
    const call: { received?: IncomingCall } = {};
    try {
      text = await textFor(request, response, version, trace, address, call);
      // The answer to a call that changed something is always sent, even beyond the cap.
      answers.hold(response, text.length, !trace.answered?.isJournaled);
      records.answered(trace, address);
    } catch (error) {
      const fault = faultFor(error, trace.callId);
      trace.fault = fault;
      records.ended(trace, fault, address);
      text = encodeFault(fault);
    }
    records.keep(trace, call.received, text);
    if (parts.beforeAnswer?.(trace) === 'drop') {
      request.socket.destroy();
      return;
    }
    const status = trace.fault ? 500 : 200;
    if (parts.closesAfterAnswer(request.socket)) response.shouldKeepAlive = false;
    const held = (length: number) => answers.hold(response, length, false);
    await sendXml(request, response, status, text, trace.callId, held);
  }

  async function textFor(
    request: IncomingMessage,
    response: ServerResponse,
    version: string,
    trace: CallTrace,
    address: string | null,
    call: { received?: IncomingCall },
  ): Promise<string> {
    if (addresses && !addresses.allows(address ?? undefined)) {
      // A body that is refused itself changes nothing.
      await bodies.discard(request, response).catch(() => {});
      throw new SoapFault(20013, undefined, { internal: `address ${address} is not on the list` });
    }
    const refusal = parts.refusalOf(request.socket);
    if (refusal) {
      bodies.leave(request, response);
      throw refusal;
    }
    const { method = '', url = '', headers } = request;
    if (method === 'POST') {
      const { 'content-type': contentType, 'content-encoding': contentEncoding } = headers;
      const about = { contentType, contentEncoding, address, version: majorVersion(version) };
      const { calls } = parts;
      const check = (beginning: Uint8Array) => calls.checkBeginning({ ...about, body: beginning }, trace);
      const body = await bodies.read(request, response, { check });
      call.received = { ...about, body };
      return calls.handleCall(call.received, trace);
    }
    await bodies.discard(request, response);
    if ((method === 'GET' || method === 'HEAD') && asksForWsdl(url)) {
      return writeWsdl(forwarded.endpointSeenBy(request, version), majorVersion(version));
    }
    throw notACall(method, version);
  }

  return (request, response, version) => {
    answer(request, response, version).catch((error) => {
      logger.error({ err: error }, 'not answered');
      request.socket.destroy();
    });
  };
}

function notACall(method: string, version: string): SoapFault {
  const path = `${SOAP_PATH}/${version}`;
  return new SoapFault(
    20012,
    `${method} is not a SOAP call; send calls by POST to ${path}, and get the WSDL by GET from ${path}?WSDL`,
  );
}
