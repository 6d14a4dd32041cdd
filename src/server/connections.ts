import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Server as TlsServer } from 'node:tls';
import { SoapFault } from '../contract/faults.ts';
import { type ConnectionCap, createConnectionRoom, type RoomCaps } from './connection-room.ts';
import { serverTimes } from './http-caps.ts';
import type { RefusalCap } from './metrics.ts';

/** Tracks the connections that await answers, and enforces the connection caps. */
export interface Connections {
  /**
   * Queues a request and calls `begin` when all earlier requests on its connection are answered; never, if the
   * connection is closed by then, or one of the answers closes it. Pipelined calls thus run one after the other (RFC 9112, 9.3.2). A connection with
   * `ENOUGH_AHEAD` queued requests is not read until there are fewer. Up to 64 KiB may have been read already,
   * possibly thousands of small requests that take Node some KiB each; so if `MOST_WAITING` requests are queued in
   * all, the next connection that adds one is closed.
   */
  inTurn(request: IncomingMessage, response: ServerResponse, begin: () => void): void;
  /** Resolves when all requests received completely on this connection so far are answered. */
  whenAnswered(socket: Socket): Promise<void>;
  /** Returns whether a request on this connection has begun whose body is not complete. */
  isReceiving(socket: Socket): boolean;
  /** Returns the fault for calls on this connection; undefined if it is not refused. */
  refusalOf(socket: Socket): SoapFault | undefined;
  /** Closes idle connections, and the others once they are answered. */
  drain(): void;
  /** The number of connections that count against the caps. */
  readonly size: number;
}

export interface ConnectionsOptions extends RoomCaps {
  readonly refused: (cap: RefusalCap) => void;
  /** Called when an idle connection was closed to make room. */
  readonly ended: () => void;
}

/** The pending work of a connection. */
interface Waiting {
  /** The unanswered requests in order, with the functions that begin them. The first one has begun. */
  readonly requests: Map<IncomingMessage, () => void>;
  /** Called once, after the next answer or when the connection is closed. */
  listeners: (() => void)[];
}

/** The number of requests queued on a connection beyond which it is not read. */
const ENOUGH_AHEAD = 16;
/** The maximum number of requests queued on all connections, not counting the first `ENOUGH_AHEAD` of each. */
const MOST_WAITING = 10_000;

/** The number of refused connections that are sent a fault at once; more are closed without one. */
const MOST_REFUSED = 64;

/** Tracks the connections of a server. Call it before the server listens. */
export function watchConnections(server: Server, options: ConnectionsOptions): Connections {
  const connections = new Map<Socket, Waiting>();
  const room = createConnectionRoom<Socket>(options);
  const refusals = new Map<Socket, SoapFault>();
  let draining = false;
  let waitingInAll = 0;

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

  // Requests have the TLS socket; the TCP socket below it has none.
  server.on(server instanceof TlsServer ? 'secureConnection' : 'connection', (socket: Socket) => {
    const waiting: Waiting = { requests: new Map(), listeners: [] };
    connections.set(socket, waiting);
    socket.once('close', () => {
      connections.delete(socket);
      room.leave(socket);
      waitingInAll -= Math.max(0, waiting.requests.size - ENOUGH_AHEAD);
      waiting.requests.clear();
      notify(waiting);
    });
    // Node resumes the socket for each request whose body is read.
    socket.on('resume', () => holdBack(socket, waiting));
    const entered = room.enter(socket, socket.remoteAddress ?? '');
    if ('full' in entered) refuse(socket, entered.full);
    else if (entered.ended) {
      options.ended();
      entered.ended.destroy();
    }
  });

  function answered(socket: Socket, waiting: Waiting, request: IncomingMessage, isKept: boolean): void {
    const isFirst = firstOf(waiting.requests.keys()) === request;
    if (!waiting.requests.delete(request)) return;
    if (waiting.requests.size >= ENOUGH_AHEAD) waitingInAll--;
    notify(waiting);
    if (waiting.requests.size === ENOUGH_AHEAD - 1) socket.resume();
    const next = firstOf(waiting.requests.keys());
    if (next === undefined) {
      room.setBusy(socket, false);
      if (draining) socket.destroySoon();
    } else if (isFirst && isKept) {
      // In its own turn of the event loop, so that other connections are served in between.
      setImmediate(() => waiting.requests.get(next)?.());
    }
  }

  return {
    inTurn(request, response, begin) {
      const { socket } = request;
      const waiting = connections.get(socket);
      if (!waiting || socket.destroyed) return;
      if (waiting.requests.size >= ENOUGH_AHEAD && ++waitingInAll > MOST_WAITING) {
        options.refused('pipelined');
        waitingInAll--;
        socket.destroy();
        return;
      }
      waiting.requests.set(request, begin);
      response.on('close', () => answered(socket, waiting, request, response.shouldKeepAlive));
      if (waiting.requests.size === ENOUGH_AHEAD) process.nextTick(holdBack, socket, waiting);
      if (waiting.requests.size > 1) return;
      room.setBusy(socket, true);
      begin();
    },
    async whenAnswered(socket) {
      const waiting = connections.get(socket);
      // An aborted request gets no answer.
      while (waiting?.requests.keys().some(({ complete }) => complete)) await nextChange(waiting);
    },
    isReceiving: (socket) =>
      connections
        .get(socket)
        ?.requests.keys()
        .some(({ complete }) => !complete) ?? false,
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
      ? `At most ${most} connections are accepted at once (--max-connections)`
      : `At most ${most} connections are accepted at once from one address (--max-connections-per-address)`;
  return new SoapFault(20024, `${which}, and on all of them calls are under way; send this one again later`);
}

const firstOf = <Item>(items: Iterator<Item>): Item | undefined => items.next().value;

function holdBack(socket: Socket, { requests }: Waiting): void {
  if (requests.size >= ENOUGH_AHEAD) socket.pause();
}

function notify(waiting: Waiting): void {
  const { listeners } = waiting;
  if (listeners.length === 0) return;
  waiting.listeners = [];
  for (const listener of listeners) listener();
}

function nextChange(waiting: Waiting): Promise<void> {
  return new Promise((resolve) => {
    waiting.listeners.push(resolve);
  });
}
