import { Client } from 'undici';
import type { HttpAnswer } from './judged-answer.ts';
import type { FuzzRequest } from './structured-request.ts';

/** Sends requests over kept connections. */
export interface HttpExchange {
  /**
   * Sends a request over the connection of this number, behind those whose answers that connection still waits for.
   * The server carries out those of one connection one after the other, so a request that is sent again because the
   * connection was closed before its answer was not carried out before.
   */
  send(request: FuzzRequest, connection: number): Promise<HttpAnswer>;
  close(): Promise<void>;
}

export function createHttpExchange(url: string, connections: number): HttpExchange {
  const { origin } = new URL(url);
  const clients = Array.from({ length: connections }, () => new Client(origin, { pipelining: 100 }));
  return {
    async send({ path, headers, body }, connection) {
      const client = clients[connection];
      if (client === undefined) throw new Error(`there is no connection ${connection}`);
      // Other requests than these two say are not sent ahead.
      const ahead = { idempotent: true, blocking: false };
      const answer = await client.request({ path, method: 'POST', headers, body, ...ahead });
      return {
        status: answer.statusCode,
        contentType: text(answer.headers['content-type']),
        contentEncoding: text(answer.headers['content-encoding']),
        body: Buffer.from(await answer.body.arrayBuffer()),
      };
    },
    async close() {
      await Promise.all(clients.map((client) => client.destroy()));
    },
  };
}

const text = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value.join(', ') : value;
