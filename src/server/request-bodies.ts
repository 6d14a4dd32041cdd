import type { IncomingMessage, ServerResponse } from 'node:http';
import { BodyPieces } from './body-pieces.ts';
import { serverTimes, UNCOUNTED_BYTES } from './http-caps.ts';
import { closeLingering } from './lingering-close.ts';
import type { RefusalCap } from './metrics.ts';
import { createReadingTurns } from './reading-turns.ts';

/** Reads request bodies and limits the memory that they take together. */
export interface Bodies {
  /**
   * Reads the whole body. Its bytes count until `release`. Rejects with `BodyRefusal` if the body breaks off or is
   * too large, if it comes in too small chunks, or if running calls leave no room for it. The rest is then discarded for
   * a while, since most clients read no answer before they have sent everything, and the connection closes after the
   * answer.
   */
  read(request: IncomingMessage, response: ServerResponse, options?: ReadOptions): Promise<Uint8Array>;
  /** Reads the body to its end and discards it. Rejects as `read` does. */
  discard(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Discards the body while and after a request is answered without it. The connection closes after the answer. */
  leave(request: IncomingMessage, response: ServerResponse): void;
  /** Frees the memory of a request whose answer is sent or whose connection is closed. */
  release(request: IncomingMessage): void;
  /** The bytes that currently count against the cap. */
  readonly counted: number;
}

export interface ReadOptions {
  /** The cap of this body; undefined: the general one. */
  readonly maxBytes?: number;
  /**
   * Called once more than `UNCOUNTED_BYTES` have arrived, with all of them. Reading pauses meanwhile. If it rejects,
   * the body is refused with its error.
   */
  readonly check?: (beginning: Uint8Array) => Promise<void>;
}

/** A body that was not read. The message says what was wrong; the remedy depends on the route. */
export class BodyRefusal extends Error {
  override readonly name = 'BodyRefusal';
  readonly reason: 'too large' | 'small chunks' | 'no room' | 'broken off';

  constructor(reason: BodyRefusal['reason'], message: string, cause?: unknown) {
    super(message, { cause });
    this.reason = reason;
  }
}

export interface BodyCaps {
  /** For one body. */
  readonly maxBytes: number;
  /** For all bodies together (`HttpCaps`). */
  readonly maxBodiesBytes: number;
  readonly refused: (cap: RefusalCap) => void;
}

/**
 * After this many pieces of a body, other connections are served. A client may send chunks of one byte, of which Node
 * would read several hundred thousand in one turn of the event loop.
 */
const PIECES_A_TURN = 1000;

/**
 * Node takes microseconds for each chunk, however small, on the thread that serves all clients. Beyond this many pieces
 * a body may have one for every `SMALL_PIECE` bytes. Clients send chunks of some hundred bytes at least.
 */
const MANY_PIECES = 16 * 1024;
const SMALL_PIECE = 16;

/** The most bytes of a refused body that are discarded. */
const MOST_DISCARDED = 128 * 1024 * 1024;

export function createBodies({ maxBytes, maxBodiesBytes, refused }: BodyCaps): Bodies {
  /** Only bodies longer than `UNCOUNTED_BYTES`. */
  const countedFor = new Map<IncomingMessage, number>();
  let counted = 0;
  const turns = createReadingTurns();

  function release(request: IncomingMessage): void {
    counted -= countedFor.get(request) ?? 0;
    countedFor.delete(request);
  }

  /** Counts a body of this length. Throws `BodyRefusal` if there is no room for it. */
  function count(request: IncomingMessage, length: number): void {
    const bytes = length - UNCOUNTED_BYTES;
    if (bytes <= 0) return;
    const others = counted - (countedFor.get(request) ?? 0);
    if (others + bytes > maxBodiesBytes) {
      refused('bodies');
      throw noRoom(maxBodiesBytes);
    }
    counted = others + bytes;
    countedFor.set(request, bytes);
  }

  /**
   * Passes each piece to `take`, with the length so far, until the end or until it throws. Reads no further until the
   * promise it returns has resolved. Resolves to the length.
   */
  function receive(
    request: IncomingMessage,
    response: ServerResponse,
    most: number,
    reader: { take(piece: Buffer, length: number): Promise<void> | undefined; refused(): void },
  ): Promise<number> {
    return new Promise((resolve, reject) => {
      let length = 0;
      let pieces = 0;
      let isRefused = false;
      let refusedWith: unknown;
      let refusedAt = 0;
      let silence: NodeJS.Timeout | undefined;
      let inAll: NodeJS.Timeout | undefined;

      function refuse(error: unknown): void {
        reader.refused();
        response.shouldKeepAlive = false;
        isRefused = true;
        refusedWith = error;
        refusedAt = length;
        closeLingering(request);
        silence = setTimeout(answer, serverTimes.linger);
        inAll = setTimeout(answer, serverTimes.lingerInAll);
      }
      function answer(): void {
        clearTimeout(silence);
        clearTimeout(inAll);
        silence = undefined;
        reject(refusedWith);
      }
      function stopReading(): void {
        turns.stop(request.socket);
        answer();
      }
      function refuseTooLarge(): void {
        // A cap set by a route has no option, so it is not counted in the metrics.
        if (most === maxBytes) refused('body');
        refuse(tooLarge(most));
      }

      if (Number(request.headers['content-length']) > most) refuseTooLarge();
      request.on('data', (piece: Buffer) => {
        length += piece.length;
        if (++pieces % PIECES_A_TURN === 0) turns.wait(request.socket);
        if (pieces > MANY_PIECES + length / SMALL_PIECE) {
          if (!isRefused) refuse(smallChunks());
          stopReading();
          return;
        }
        if (isRefused) {
          if (length - refusedAt > MOST_DISCARDED) stopReading();
          else silence?.refresh();
          return;
        }
        if (length > most) {
          refuseTooLarge();
          return;
        }
        try {
          const taking = reader.take(piece, length);
          if (taking === undefined) return;
          request.pause();
          taking.catch(refuse).finally(() => request.resume());
        } catch (error) {
          refuse(error);
        }
      });
      request.on('end', () => {
        if (isRefused) answer();
        else resolve(length);
      });
      request.on('error', (error) => {
        if (isRefused) answer();
        else reject(brokenOff(error));
      });
    });
  }

  return {
    async read(request, response, { maxBytes: most = maxBytes, check } = {}) {
      const pieces = new BodyPieces();
      let isChecked = false;

      async function checkAndCount(length: number): Promise<void> {
        await check?.(pieces.joined());
        // A request aborted meanwhile was released already and would never be released again.
        if (!request.destroyed) count(request, length);
      }
      await receive(request, response, most, {
        take(piece, length) {
          if (isChecked) count(request, length);
          pieces.add(piece);
          if (isChecked || length <= UNCOUNTED_BYTES) return undefined;
          isChecked = true;
          return checkAndCount(length);
        },
        refused() {
          pieces.clear();
          release(request);
        },
      });
      return pieces.joined();
    },
    async discard(request, response) {
      await receive(request, response, maxBytes, { take: () => undefined, refused: () => {} });
    },
    leave(request, response) {
      response.shouldKeepAlive = false;
      closeLingering(request);
      receive(request, response, maxBytes, { take: () => undefined, refused: () => {} }).catch(() => {});
    },
    release,
    get counted() {
      return counted;
    },
  };
}

const tooLarge = (most: number) =>
  new BodyRefusal('too large', `The body is larger than ${most} bytes, the most that is read`);

const smallChunks = () =>
  new BodyRefusal('small chunks', `The body comes in chunks of less than ${SMALL_PIECE} bytes`);

const noRoom = (most: number) =>
  new BodyRefusal('no room', `Running calls use all ${most} bytes reserved for bodies`);

const brokenOff = (error: Error) =>
  new BodyRefusal('broken off', 'The body could not be read to its end', error);
