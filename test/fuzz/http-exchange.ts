import { Agent, request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { HttpAnswer } from './judged-answer.ts';
import type { FuzzRequest } from './structured-request.ts';

/** Sends requests over kept connections, as many at once. */
export interface HttpExchange {
  send(request: FuzzRequest): Promise<HttpAnswer>;
  close(): void;
}

export function createHttpExchange(url: string, connections: number): HttpExchange {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const { hostname, port } = new URL(url);
  return {
    send: ({ path, headers, body }) =>
      new Promise((resolve, reject) => {
        const outgoing = request(
          {
            agent,
            hostname,
            port,
            path,
            method: 'POST',
            headers: { ...headers, 'content-length': body.length },
          },
          (answer) => {
            buffer(answer).then(
              (bytes) =>
                resolve({
                  status: answer.statusCode ?? 0,
                  contentType: answer.headers['content-type'],
                  contentEncoding: answer.headers['content-encoding'],
                  body: bytes,
                }),
              reject,
            );
          },
        );
        outgoing.on('error', reject);
        outgoing.end(body);
      }),
    close: () => agent.destroy(),
  };
}
