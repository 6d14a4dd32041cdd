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
/** Calls that are sent at once. */
const PAGE = 200;
/** Servers on PostgreSQL commit entries in another order than that of their numbers: so many are looked at again. */
const LOOKED_AT_AGAIN = 100;
/** A client that has so many bytes unread is disconnected; it can resume. */
const MOST_UNREAD = 4 * 1024 * 1024;

/** `journal` is read while somebody looks, so that the calls of other servers come, too. */
export function createCallStreams(
  store: Pick<Store, 'journal' | 'bodies'>,
  access: Pick<Access, 'holds'>,
  logger: Logger,
): CallStreams {
  /** Each with the request that opened it. */
  const streams = new Map<ServerResponse, FastifyRequest>();
  /** Also those that are being opened. */
  let open = 0;
  const seen = new Set<number>();
  let last = 0;
  let isClosed = false;
  let isLooking = false;
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

  function send(stream: ServerResponse, text: string): void {
    stream.write(text);
    if (stream.writableLength > MOST_UNREAD) stream.destroy();
  }

  /** Ends the streams of those who would not be let in any more. */
  async function endOthers(): Promise<void> {
    for (const [stream, request] of streams) if (!(await access.holds(request))) stream.end();
  }

  async function look(): Promise<void> {
    const found = await store.journal.after(Math.max(0, last - LOOKED_AT_AGAIN), PAGE + LOOKED_AT_AGAIN);
    const fresh = found.filter(({ number }) => !seen.has(number));
    for (const { number } of fresh) {
      seen.add(number);
      last = Math.max(last, number);
    }
    for (const number of seen) if (number < last - LOOKED_AT_AGAIN) seen.delete(number);
    if (fresh.length === 0) return;
    const text = await eventsOf(fresh);
    await endOthers();
    for (const stream of streams.keys()) if (!stream.writableEnded) send(stream, text);
  }

  function lookAgain(): void {
    if (isClosed) return;
    timer = setTimeout(() => {
      look()
        .catch((error: unknown) =>
          logger.warn({ err: error }, 'the journal could not be read for a stream of calls'),
        )
        .finally(() => {
          if (streams.size > 0 && !isClosed) lookAgain();
          else isLooking = false;
        });
    }, LOOK_EVERY);
  }

  function beatOften(): void {
    beat ??= setInterval(() => {
      endOthers()
        .catch((error: unknown) => logger.warn({ err: error }, 'the token could not be read'))
        .finally(() => {
          for (const stream of streams.keys()) if (!stream.writableEnded) send(stream, ': \n\n');
        });
    }, HEARTBEAT_EVERY).unref();
  }

  /** Begins at the newest call: what was there before is not sent. */
  async function begin(): Promise<void> {
    const [newest] = await store.journal.newest(1);
    last = newest?.number ?? 0;
    seen.clear();
    for (const { number } of await store.journal.after(Math.max(0, last - LOOKED_AT_AGAIN), LOOKED_AT_AGAIN))
      seen.add(number);
    lookAgain();
  }

  async function start(stream: ServerResponse, request: FastifyRequest): Promise<void> {
    const resumed = Number(request.headers['last-event-id'] ?? Number.NaN);
    send(stream, 'retry: 2000\n\n');
    if (Number.isSafeInteger(resumed) && resumed >= 0)
      send(stream, await eventsOf(await store.journal.after(resumed, PAGE)));
    if (isClosed || stream.destroyed) {
      stream.destroy();
      return;
    }
    streams.set(stream, request);
    stream.once('close', () => {
      streams.delete(stream);
      if (streams.size > 0) return;
      clearInterval(beat);
      beat = undefined;
    });
    beatOften();
    if (isLooking) return;
    isLooking = true;
    await begin().catch((error: unknown) => {
      isLooking = false;
      throw error;
    });
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
      request.raw.socket.once('end', () => stream.destroy());
      stream.once('close', () => {
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
      for (const stream of streams.keys()) stream.end();
    },
  };
}
