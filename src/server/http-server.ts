import { createServer, type Server, type ServerResponse } from 'node:http';
import { checkEvery, type HttpCaps } from './http-caps.ts';
import type { RefusalCap } from './metrics.ts';

/** Creates an HTTP server with these caps on times and headers, without a request listener. */
export function createHttpServer(caps: HttpCaps): Server {
  const server = createServer({
    // Node requires that this does not exceed the request timeout.
    headersTimeout: Math.min(caps.headerTime, caps.bodyTime),
    requestTimeout: caps.bodyTime,
    keepAliveTimeout: caps.idleTime,
    connectionsCheckingInterval: checkEvery(caps),
    maxHeaderSize: caps.maxHeaderBytes,
    requireHostHeader: false,
  });
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
