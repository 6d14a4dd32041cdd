import { createServer, type Server, type ServerResponse } from 'node:http';
import { checkEvery, type HttpCaps } from './http-caps.ts';
import type { RefusalCap } from './metrics.ts';

/** An HTTP server with these caps on times and headers, to which nobody listens yet. */
export function createHttpServer(caps: HttpCaps): Server {
  const server = createServer({
    // Node takes no longer time for the headers than for all.
    headersTimeout: Math.min(caps.headerTime, caps.bodyTime),
    requestTimeout: caps.bodyTime,
    keepAliveTimeout: caps.idleTime,
    connectionsCheckingInterval: checkEvery(caps),
    maxHeaderSize: caps.maxHeaderBytes,
    requireHostHeader: false,
  });
  // A client that ends its side after a whole request still reads (RFC 9112, 9.6). Node's type does not have it.
  Object.assign(server, { httpAllowHalfOpen: true });
  // An expectation that is not known is no reason to refuse (RFC 9110, 10.1.1 allows either).
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  return server;
}

/** Bounds how long clients take to read answers. */
export interface AnswerTime {
  /** Ends the connection of an answer when its client takes no byte of it in time. */
  limit(response: ServerResponse): void;
  /** Resolves when an answer that has been sent is out, or its connection gone; undefined: it is. */
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
