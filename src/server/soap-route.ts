import type { FastifyInstance, FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify';
import { SoapFault } from '../contract/faults.ts';
import type { AddressList } from '../gate/addresses.ts';
import type { Journal } from '../store/store.ts';
import { encodeFault } from '../wire/fault.ts';
import { writeWsdl } from '../wire/wsdl.ts';
import { type CallTrace, type CarryOut, createTrace } from './call.ts';
import {
  asksForWsdl,
  endpointSeenBy,
  isSoapPath,
  LATEST_VERSION,
  SOAP_PATH,
  SOAP_ROUTE,
} from './endpoint.ts';
import { faultFor } from './faults.ts';
import { type Logger, logCall } from './log.ts';
import type { Metrics } from './metrics.ts';
import { sendXml } from './xml-reply.ts';

export interface SoapRouteParts {
  readonly carryOut: CarryOut;
  /** Undefined: every address may call. */
  readonly addresses: AddressList | undefined;
  readonly journal: Journal;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly maxBytes: number;
  readonly now: () => Date;
}

/**
 * Adds the SOAP endpoint: calls by POST, the WSDL by GET. Everything that reaches its path gets an answer or a
 * SOAP fault.
 */
export function addSoapRoute(app: FastifyInstance, parts: SoapRouteParts): void {
  const { carryOut, addresses, journal, metrics, logger } = parts;
  const traces = new WeakMap<FastifyRequest, CallTrace>();

  const hooks = {
    async onRequest(request: FastifyRequest): Promise<void> {
      traces.set(request, createTrace());
      // The parser sees one type for all; what was sent is still in the raw headers.
      if (request.headers['content-type'] !== undefined) {
        request.headers = { 'content-type': 'application/octet-stream' };
      }
      if (addresses && !addresses.allows(request.ip)) {
        throw new SoapFault(20013, undefined, { internal: `address ${request.ip} is not on the list` });
      }
    },

    async onResponse(request: FastifyRequest): Promise<void> {
      const trace = traces.get(request);
      if (!trace || (trace.operation === null && !trace.fault)) return;
      const seconds = (performance.now() - trace.began) / 1000;
      metrics.count(trace, seconds);
      logCall(logger, trace, addressOf(request), seconds);
    },

    errorHandler(error: unknown, request: FastifyRequest, reply: FastifyReply) {
      const trace = traces.get(request) ?? createTrace();
      return sendFault(faultFor(error, trace.callId, parts.maxBytes), request, reply);
    },
  };

  function sendFault(fault: SoapFault, request: FastifyRequest, reply: FastifyReply) {
    const trace = traces.get(request);
    if (trace) {
      trace.fault = fault;
      if (trace.userId !== null) noteFault(trace, trace.userId, fault, request);
    }
    return sendXml(request, reply, 500, encodeFault(fault));
  }

  function noteFault(trace: CallTrace, userId: string, fault: SoapFault, request: FastifyRequest): void {
    const { operation, mode } = trace;
    journal.note({
      callId: trace.callId,
      at: parts.now().toISOString(),
      userId,
      operation: operation ?? '',
      mode,
      address: addressOf(request),
      fault: fault.code,
      outcomeUnknown: fault.outcomeUnknown,
      rows: [],
    });
  }

  const call: RouteHandlerMethod = async (request, reply) => {
    const trace = traces.get(request) ?? createTrace();
    const { headers } = request.raw;
    const text = await carryOut(
      {
        body: request.body instanceof Uint8Array ? request.body : new Uint8Array(),
        contentType: headers['content-type'],
        contentEncoding: headers['content-encoding'],
        address: addressOf(request),
      },
      trace,
    );
    return sendXml(request, reply, 200, text);
  };

  const wsdl: RouteHandlerMethod = async (request, reply) => {
    const { version } = request.params as { version: string };
    if (!asksForWsdl(request.url)) throw notACall(request.method, version);
    return sendXml(request, reply, 200, writeWsdl(endpointSeenBy(request, version)));
  };

  const others = app.supportedMethods.filter((method) => !['GET', 'HEAD', 'POST'].includes(method));
  app.route({ method: 'POST', url: SOAP_ROUTE, handler: call, ...hooks });
  app.route({ method: 'GET', url: SOAP_ROUTE, handler: wsdl, ...hooks });
  app.route({ method: others, url: SOAP_ROUTE, handler: refuseMethod, ...hooks });

  app.setNotFoundHandler(async (request, reply) => {
    if (isSoapPath(request.url)) {
      return sendFault(notACall(request.method, LATEST_VERSION), request, reply);
    }
    const endpoint = endpointSeenBy(request, LATEST_VERSION);
    return reply
      .code(404)
      .type('text/plain; charset=utf-8')
      .send(`Nothing is here. SOAP calls go by POST to ${endpoint}, and its WSDL is ${endpoint}?WSDL\n`);
  });
}

const refuseMethod: RouteHandlerMethod = async (request) => {
  throw notACall(request.method, (request.params as { version: string }).version);
};

function notACall(method: string, version: string): SoapFault {
  const path = `${SOAP_PATH}/${version}`;
  return new SoapFault(
    20012,
    `${method} is no SOAP call; send calls by POST to ${path}, and get the WSDL by GET from ${path}?WSDL`,
  );
}

/** IPv4 without the prefix that it has on a socket of both families. */
const addressOf = ({ ip }: FastifyRequest): string | null => ip?.replace(/^::ffff:(?=\d+\.)/, '') ?? null;
