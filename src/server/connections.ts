import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { SoapFault } from '../contract/faults.ts';
import { type ConnectionCap, createConnectionRoom, type RoomCaps } from './connection-room.ts';
import { serverTimes } from './http-caps.ts';
import type { RefusalCap } from './metrics.ts';

/** Knows which connections wait for an answer, and keeps them below their caps. */
export interface Connections {
  /**
   * Takes in a request, and calls `begin` when all that came before it on its connection are answered, and never if
   * the connection is gone by then: pipelined calls are carried out one after the other (RFC 9112, 9.3.2), and what
   * is held for a connection does not grow with what a client sends ahead.
   */
  inTurn(request: IncomingMessage, response: ServerResponse, begin: () => void): void;
  /** Resolves when the answers to all requests that came whole on this connection so far are out. */
  whenAnswered(socket: Socket): Promise<void>;
  /** Whether a request has begun on this connection whose body is not there yet. */
  isReceiving(socket: Socket): boolean;
  /** The fault that answers a call on this connection; undefined: it is not refused. */
  refusalOf(socket: Socket): SoapFault | undefined;
  /** Ends the connections on which no request has begun, and each other one once it is answered. */
  drain(): void;
  /** Those that count against the caps. */
  readonly size: number;
}

export interface ConnectionsOptions extends RoomCaps {
  readonly refused: (cap: RefusalCap) => void;
  /** Hears of a connection that was ended although nothing was wrong with it. */
  readonly ended: () => void;
}

/** What a connection waits for. */
interface Waiting {
  /** Requests without an answer yet. */
  readonly requests: Set<IncomingMessage>;
  /** Called after each answer, and when the connection is closed. */
  readonly listeners: Set<() => void>;
}

/** So many refused connections at once are told why; more are only closed. */
const MOST_REFUSED = 64;

/** Watches the connections of a server that does not listen yet. */
export function watchConnections(server: Server, options: ConnectionsOptions): Connections {
  const connections = new Map<Socket, Waiting>();
  const room = createConnectionRoom<Socket>(options);
  const refusals = new Map<Socket, SoapFault>();
  let draining = false;

  function refuse(socket: Socket, cap: ConnectionCap): void {
    options.refused(cap === 'maxConnections' ? 'connections' : 'connections-per-address');
    if (refusals.size >= MOST_REFUSED) {
      socket.destroy();
      return;
    }
    refusals.set(socket, refusalFor(cap, options[cap]));
    const timer = setTimeout(() => socket.destroy(), serverTimes.linger);
    socket.once('close', () => {
      clearTimeout(timer);
      refusals.delete(socket);
    });
  }

  server.on('connection', (socket: Socket) => {
    const waiting: Waiting = { requests: new Set(), listeners: new Set() };
    connections.set(socket, waiting);
    socket.once('close', () => {
      connections.delete(socket);
      room.leave(socket);
      waiting.requests.clear();
      for (const listener of waiting.listeners) listener();
    });
    const entered = room.enter(socket, socket.remoteAddress ?? '');
    if ('full' in entered) refuse(socket, entered.full);
    else if (entered.ended) {
      options.ended();
      entered.ended.destroy();
    }
  });

  const requestsOn = (socket: Socket) => [...(connections.get(socket)?.requests ?? [])];

  return {
    inTurn(request, response, begin) {
      const { socket } = request;
      const waiting = connections.get(socket);
      if (!waiting) return;
      const first = waiting.requests.size === 0;
      waiting.requests.add(request);
      room.setBusy(socket, true);
      response.on('close', () => {
        waiting.requests.delete(request);
        for (const listener of waiting.listeners) listener();
        if (waiting.requests.size > 0) return;
        room.setBusy(socket, false);
        if (draining) socket.destroySoon();
      });
      if (first) begin();
      else void waitForTurn(request, waiting, begin);
    },
    async whenAnswered(socket) {
      const waiting = connections.get(socket);
      // One that broke off gets no answer.
      while (waiting && [...waiting.requests].some(({ complete }) => complete)) await nextChange(waiting);
    },
    isReceiving: (socket) => requestsOn(socket).some(({ complete }) => !complete),
    refusalOf: (socket) => refusals.get(socket),
    drain() {
      draining = true;
      for (const [socket, { requests }] of connections) {
        if (requests.size === 0) socket.destroySoon();
      }
    },
    get size() {
      return room.size;
    },
  };
}

function refusalFor(cap: ConnectionCap, most: number): SoapFault {
  const which =
    cap === 'maxConnections'
      ? `At most ${most} connections are taken at once (--max-connections)`
      : `At most ${most} connections are taken at once from one address (--max-connections-per-address)`;
  return new SoapFault(20024, `${which}, and on all of them calls are under way; send this one again later`);
}

const firstOf = <Item>(items: ReadonlySet<Item>): Item | undefined => items.values().next().value;

async function waitForTurn(request: IncomingMessage, waiting: Waiting, begin: () => void): Promise<void> {
  while (waiting.requests.has(request)) {
    if (firstOf(waiting.requests) === request) {
      begin();
      return;
    }
    await nextChange(waiting);
  }
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
