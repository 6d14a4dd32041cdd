import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Knows which connections wait for an answer. */
export interface Connections {
  /** Resolves when the answers to all requests that came whole on this connection so far are out. */
  whenAnswered(socket: Socket): Promise<void>;
  /** Ends the connections on which no request has begun, and each other one once it is answered. */
  drain(): void;
}

/** What a connection waits for. */
interface Waiting {
  /** Requests without an answer yet. */
  readonly requests: Set<IncomingMessage>;
  /** Called after each answer, and when the connection is closed. */
  readonly listeners: Set<() => void>;
}

/** Watches the connections of a server that does not listen yet. */
export function watchConnections(server: Server): Connections {
  const connections = new Map<Socket, Waiting>();
  let draining = false;

  server.on('connection', (socket: Socket) => {
    const waiting: Waiting = { requests: new Set(), listeners: new Set() };
    connections.set(socket, waiting);
    socket.once('close', () => {
      connections.delete(socket);
      waiting.requests.clear();
      for (const listener of waiting.listeners) listener();
    });
  });

  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request;
    const waiting = connections.get(socket);
    if (!waiting) return;
    waiting.requests.add(request);
    response.once('close', () => {
      waiting.requests.delete(request);
      for (const listener of waiting.listeners) listener();
      if (draining && waiting.requests.size === 0) socket.destroySoon();
    });
  });

  return {
    async whenAnswered(socket) {
      const waiting = connections.get(socket);
      // One that broke off gets no answer.
      while (waiting && [...waiting.requests].some(({ complete }) => complete)) await nextChange(waiting);
    },
    drain() {
      draining = true;
      for (const [socket, { requests }] of connections) {
        if (requests.size === 0) socket.destroySoon();
      }
    },
  };
}

function nextChange({ listeners }: Waiting): Promise<void> {
  return new Promise((resolve) => {
    const listener = () => {
      listeners.delete(listener);
      resolve();
    };
    listeners.add(listener);
  });
}
