import type { ServerResponse } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { Problem } from '../server/json-routes.ts';
import type { Logger } from '../server/log.ts';
import type { KeptJournalEntry, Store } from '../store/store.ts';
import type { Access } from './access.ts';
import { callOf } from './call-shape.ts';
import type { CallStreams } from './context.ts';

const MOST_STREAMS = 20;
/** In milliseconds. */
const LOOK_EVERY = 500;
const HEARTBEAT_EVERY = 15_000;
/** Calls that are read at once. */
const PAGE = 200;
/** Calls that a client gets later than at once; if there are more, it is told to read the list again. */
const MOST_MISSED = 1_000;
/** Servers on PostgreSQL commit entries in another order than that of their numbers: so many are looked at again. */
const LOOKED_AT_AGAIN = 100;
/** A client that has so many bytes unread is disconnected; it can resume. */
const MOST_UNREAD = 4 * 1024 * 1024;

/** A client that is connected. */
interface Client {
  /** The request that opened its stream. */
  readonly request: FastifyRequest;
  /** Events that came while calls that it missed were sent; undefined: it gets them at once. */
  held: string | undefined;
}

/** `journal` is read while somebody looks, so that the calls of other servers come, too. */
export function createCallStreams(
  store: Pick<Store, 'journal' | 'bodies' | 'description'>,
  access: Pick<Access, 'holds'>,
  logger: Logger,
): CallStreams {
  const clients = new Map<ServerResponse, Client>();
  /** Also those that are being opened. */
  let open = 0;
  const seen = new Set<number>();
  let last = 0;
  let isClosed = false;
  let isLooking = false;
  let beginning: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let beat: NodeJS.Timeout | undefined;

  async function eventsOf(entries: readonly KeptJournalEntry[]): Promise<string> {
    const having = await store.bodies.which(entries.map(({ callId }) => callId));
    return entries
      .map(
        (entry) =>
          `id: ${entry.number}\nevent: call\ndata: ${JSON.stringify(callOf(entry, having.has(entry.callId)))}\n\n`,
      )
      .join('');
  }

  function write(stream: ServerResponse, text: string): void {
    stream.write(text);
    if (stream.writableLength > MOST_UNREAD) stream.destroy();
  }

  function sendToAll(text: string): void {
    for (const [stream, client] of clients) {
      if (stream.writableEnded) continue;
      if (client.held === undefined) write(stream, text);
      else if (client.held.length + text.length > MOST_UNREAD) stream.destroy();
      else client.held += text;
    }
  }

  /** Ends the streams of those who would not be let in any more. */
  async function endOthers(): Promise<void> {
    for (const [stream, { request }] of clients) if (!(await access.holds(request))) stream.end();
  }

  /** Goes on at the newest call: what was there before is not sent. */
  async function goToNewest(): Promise<void> {
    const [newest] = await store.journal.newest(1);
    last = newest?.number ?? 0;
    seen.clear();
    for (const { number } of await store.journal.after(Math.max(0, last - LOOKED_AT_AGAIN), LOOKED_AT_AGAIN))
      seen.add(number);
  }

  async function look(): Promise<void> {
    const most = PAGE + LOOKED_AT_AGAIN;
    for (let sent = 0; sent < MOST_MISSED; ) {
      const found = await store.journal.after(Math.max(0, last - LOOKED_AT_AGAIN), most);
      const fresh = found.filter(({ number }) => !seen.has(number));
      if (fresh.length === 0) return;
      const text = await eventsOf(fresh);
      await endOthers();
      // Only now: if something failed before, the next look finds these calls again.
      for (const { number } of fresh) {
        seen.add(number);
        last = Math.max(last, number);
      }
      for (const number of seen) if (number < last - LOOKED_AT_AGAIN) seen.delete(number);
      sendToAll(text);
      if (found.length < most) return;
      sent += fresh.length;
    }
    await goToNewest();
    sendToAll(missedUpTo(last));
  }

  function lookAgain(): void {
    if (isClosed) return;
    timer = setTimeout(() => {
      look()
        .catch((error: unknown) =>
          logger.warn({ err: error }, 'the journal could not be read for a stream of calls'),
        )
        .finally(() => {
          if (clients.size > 0 && !isClosed) lookAgain();
          else isLooking = false;
        });
    }, LOOK_EVERY);
  }

  function beatOften(): void {
    beat ??= setInterval(() => {
      endOthers()
        .catch((error: unknown) => logger.warn({ err: error }, 'the token could not be read'))
        .finally(() => sendToAll(': \n\n'));
    }, HEARTBEAT_EVERY).unref();
  }

  /** Looks for calls while there is a client. */
  async function begin(): Promise<void> {
    if (isLooking) return beginning;
    isLooking = true;
    beginning = goToNewest().then(lookAgain);
    await beginning.catch((error: unknown) => {
      isLooking = false;
      throw error;
    });
  }

  /** Sends the calls after a number. Of too many, it sends the oldest, and says that the rest is missing. */
  async function catchUp(stream: ServerResponse, number: number): Promise<void> {
    // What came late is sent again with what was sent before: an event can come twice.
    const again = store.description.engine === 'postgres' ? LOOKED_AT_AGAIN : 0;
    let after = Math.max(0, number - again);
    for (let sent = 0; sent < MOST_MISSED && !stream.destroyed; ) {
      const entries = await store.journal.after(after, PAGE);
      write(stream, await eventsOf(entries));
      if (entries.length < PAGE) return;
      after = entries.at(-1)?.number ?? after;
      sent += entries.length;
    }
    const [newest] = await store.journal.newest(1);
    write(stream, missedUpTo(newest?.number ?? after));
  }

  async function start(stream: ServerResponse, request: FastifyRequest): Promise<void> {
    const resumed = Number(request.headers['last-event-id'] ?? Number.NaN);
    const isResumed = Number.isSafeInteger(resumed) && resumed >= 0;
    if (isClosed || stream.destroyed) {
      stream.destroy();
      return;
    }
    const client: Client = { request, held: isResumed ? '' : undefined };
    clients.set(stream, client);
    stream.once('close', () => {
      clients.delete(stream);
      if (clients.size > 0) return;
      clearInterval(beat);
      beat = undefined;
    });
    beatOften();
    await begin();
    // Only now the client learns that it is connected: it gets every call that is made from here on.
    write(stream, 'retry: 2000\n\n');
    if (client.held === undefined) return;
    await catchUp(stream, resumed);
    const { held } = client;
    client.held = undefined;
    if (held !== '' && !stream.destroyed) write(stream, held);
  }

  return {
    async open(request, reply) {
      if (open >= MOST_STREAMS)
        throw new Problem(
          503,
          `There are ${MOST_STREAMS} streams already; close another page of the console`,
        );
      reply.hijack();
      const stream = reply.raw;
      if (stream.closed) return;
      open += 1;
      // Otherwise a client that has gone is noticed only when something is sent.
      const { socket } = request.raw;
      const end = () => stream.destroy();
      socket.once('end', end);
      stream.once('close', () => {
        socket.off('end', end);
        open -= 1;
      });
      try {
        stream.writeHead(200, { ...reply.getHeaders(), 'content-type': 'text/event-stream' } as never);
        await start(stream, request);
      } catch (error) {
        // The client tries again.
        logger.warn({ err: error }, 'a stream of calls could not be opened');
        stream.destroy();
      }
    },
    close() {
      isClosed = true;
      clearTimeout(timer);
      clearInterval(beat);
      for (const stream of clients.keys()) stream.end();
    },
  };
}

/** Its number is that of the newest call, so that a client resumes behind what it missed. */
const missedUpTo = (number: number) => `id: ${number}\nevent: missed\ndata: {"upTo":${number}}\n\n`;
