import { createServer, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer, type ServerOptions as HttpsOptions } from 'node:https';
import type { SecureContextOptions } from 'node:tls';
import { checkEvery, type HttpCaps } from './http-caps.ts';
import type { RefusalCap } from './metrics.ts';

/** Creates an HTTP server with these caps on times and headers, without a request listener. */
export function createHttpServer(caps: HttpCaps, certificate?: SecureContextOptions): Server {
  const options = {
    // Node requires that this does not exceed the request timeout.
    headersTimeout: Math.min(caps.headerTime, caps.bodyTime),
    requestTimeout: caps.bodyTime,
    keepAliveTimeout: caps.idleTime,
    connectionsCheckingInterval: checkEvery(caps),
    maxHeaderSize: caps.maxHeaderBytes,
    requireHostHeader: false,
  };
  const server = certificate ? createTlsServer(caps, { ...options, ...certificate }) : createServer(options);
  // A client that half-closes its side after a request still reads the answer (RFC 9112, 9.6). Missing in Node's
  // types.
  Object.assign(server, { httpAllowHalfOpen: true });
  // An unknown expectation is ignored rather than refused (RFC 9110, 10.1.1 allows both).
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  return server;
}

/** Limits the time that clients take to read answers. */
export interface AnswerTime {
  /** Closes the connection if the client reads no byte of the answer for too long. */
  limit(response: ServerResponse): void;
  /** Resolves when a sent answer has been written or its connection closed; returns undefined if that is already so. */
  whenOut(response: ServerResponse): Promise<void> | undefined;
}

export function createAnswerTime(milliseconds: number, refused: (cap: RefusalCap) => void): AnswerTime {
  function limit(response: ServerResponse): void {
    response.setTimeout(milliseconds, () => {
      refused('answer-timeout');
      response.req.socket.destroy();
    });
  }
  return {
    limit,
    whenOut(response) {
      if (response.closed || response.req.socket.writableLength === 0) return undefined;
      limit(response);
      return new Promise((resolve) => {
        response.on('close', resolve);
      });
    },
  };
}

/** Connections count against the caps after their handshake; before it, there may be as many again. */
function createTlsServer(caps: HttpCaps, options: HttpsOptions): Server {
  const server = createHttpsServer({ ...options, handshakeTimeout: caps.headerTime });
  server.maxConnections = 2 * caps.maxConnections;
  return server;
}
