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
   * the connection is gone by then: pipelined calls are carried out one after the other (RFC 9112, 9.3.2). A
   * connection on which `ENOUGH_AHEAD` requests wait is not read until they are fewer. What was read with them is at
   * most 64 KiB, but that can be thousands of small requests, for each of which Node holds some KiB: when
   * `MOST_WAITING` wait in all, the next connection that adds to them is ended.
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
  /** How each request without an answer begins, in order. The first one has begun. */
  readonly requests: Map<IncomingMessage, () => void>;
  /** Called once, after the next answer or when the connection is closed. */
  listeners: (() => void)[];
}

/** Requests that wait on one connection while more are read from it. */
const ENOUGH_AHEAD = 16;
/** Requests that wait on all connections, without the first `ENOUGH_AHEAD` of each. */
const MOST_WAITING = 10_000;

/** So many refused connections at once are told why; more are only closed. */
const MOST_REFUSED = 64;

/** Watches the connections of a server that does not listen yet. */
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

  server.on('connection', (socket: Socket) => {
    const waiting: Waiting = { requests: new Map(), listeners: [] };
    connections.set(socket, waiting);
    socket.once('close', () => {
      connections.delete(socket);
      room.leave(socket);
      waitingInAll -= Math.max(0, waiting.requests.size - ENOUGH_AHEAD);
      waiting.requests.clear();
      notify(waiting);
    });
    // Node resumes it for each request whose body is read.
    socket.on('resume', () => holdBack(socket, waiting));
    const entered = room.enter(socket, socket.remoteAddress ?? '');
    if ('full' in entered) refuse(socket, entered.full);
    else if (entered.ended) {
      options.ended();
      entered.ended.destroy();
    }
  });

  function answered(socket: Socket, waiting: Waiting, request: IncomingMessage): void {
    const isFirst = firstOf(waiting.requests.keys()) === request;
    if (!waiting.requests.delete(request)) return;
    if (waiting.requests.size >= ENOUGH_AHEAD) waitingInAll--;
    notify(waiting);
    if (waiting.requests.size === ENOUGH_AHEAD - 1) socket.resume();
    const next = firstOf(waiting.requests.keys());
    if (next === undefined) {
      room.setBusy(socket, false);
      if (draining) socket.destroySoon();
    } else if (isFirst) {
      // In a turn of the event loop of its own: other connections have theirs between.
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
      response.on('close', () => answered(socket, waiting, request));
      if (waiting.requests.size === ENOUGH_AHEAD) process.nextTick(holdBack, socket, waiting);
      if (waiting.requests.size > 1) return;
      room.setBusy(socket, true);
      begin();
    },
    async whenAnswered(socket) {
      const waiting = connections.get(socket);
      // One that broke off gets no answer.
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
      ? `At most ${most} connections are taken at once (--max-connections)`
      : `At most ${most} connections are taken at once from one address (--max-connections-per-address)`;
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
