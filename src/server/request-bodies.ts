import type { IncomingMessage, ServerResponse } from 'node:http';
import { BodyPieces } from './body-pieces.ts';
import { serverTimes, UNCOUNTED_BYTES } from './http-caps.ts';
import type { RefusalCap } from './metrics.ts';
import { createReadingTurns } from './reading-turns.ts';

/** Reads the bodies of requests, and keeps all that are in memory together below a cap. */
export interface Bodies {
  /**
   * The whole body, whose bytes count until `release`. Rejects with `BodyRefusal` when it breaks off, when it is larger
   * than it may be, or when those under way take all the memory that there is for them; what then still comes is
   * thrown away, for a short time, since most clients read no answer before they have sent everything, and the
   * connection ends with the answer.
   */
  read(request: IncomingMessage, response: ServerResponse, options?: ReadOptions): Promise<Uint8Array>;
  /** Reads the body to its end and keeps nothing of it. Rejects as `read` does. */
  discard(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** The answer of this request is out, or its connection gone. */
  release(request: IncomingMessage): void;
  /** Bytes that count against the cap now. */
  readonly counted: number;
}

export interface ReadOptions {
  /** Of this body; without it as of any. */
  readonly maxBytes?: number;
  /**
   * Called when more than `UNCOUNTED_BYTES` have come, with what came so far. Nothing is read meanwhile, and when it
   * rejects the body is refused with its error.
   */
  readonly check?: (beginning: Uint8Array) => Promise<void>;
}

/** Why a body was not read. The message says what was wrong; what to do depends on what it was sent to. */
export class BodyRefusal extends Error {
  override readonly name = 'BodyRefusal';
  readonly reason: 'too large' | 'no room' | 'broken off';

  constructor(reason: BodyRefusal['reason'], message: string, cause?: unknown) {
    super(message, { cause });
    this.reason = reason;
  }
}

export interface BodyCaps {
  /** Of one body. */
  readonly maxBytes: number;
  /** Of all (`HttpCaps`). */
  readonly maxBodiesBytes: number;
  readonly refused: (cap: RefusalCap) => void;
}

/**
 * After so many pieces of a body other connections have their turn. A client can send it in chunks of a byte, of which
 * Node reads several hundred thousand in one iteration of the event loop unless it is stopped.
 */
const PIECES_A_TURN = 1000;

export function createBodies({ maxBytes, maxBodiesBytes, refused }: BodyCaps): Bodies {
  /** Only of bodies of which something counts. */
  const countedFor = new Map<IncomingMessage, number>();
  let counted = 0;
  const turns = createReadingTurns();

  function release(request: IncomingMessage): void {
    counted -= countedFor.get(request) ?? 0;
    countedFor.delete(request);
  }

  /** Counts a body that has come to this length. Throws `BodyRefusal` when there is no room for it. */
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
   * Hands each piece to `take`, with the length so far, until the end or until it throws; nothing is read before what
   * it returns has resolved. Resolves to the length.
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
      let lingering: NodeJS.Timeout | undefined;

      function refuse(error: unknown): void {
        reader.refused();
        response.shouldKeepAlive = false;
        isRefused = true;
        refusedWith = error;
        lingering = setTimeout(reject, serverTimes.linger, error);
      }
      function refuseTooLarge(): void {
        // The cap of a route is no option's.
        if (most === maxBytes) refused('body');
        refuse(tooLarge(most));
      }

      if (Number(request.headers['content-length']) > most) refuseTooLarge();
      request.on('data', (piece: Buffer) => {
        length += piece.length;
        if (++pieces % PIECES_A_TURN === 0) turns.wait(request.socket);
        if (isRefused) return;
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
        clearTimeout(lingering);
        if (isRefused) reject(refusedWith);
        else resolve(length);
      });
      request.on('error', (error) => {
        clearTimeout(lingering);
        reject(isRefused ? refusedWith : brokenOff(error));
      });
    });
  }

  return {
    async read(request, response, { maxBytes: most = maxBytes, check } = {}) {
      const pieces = new BodyPieces();
      let isChecked = false;

      async function checkAndCount(length: number): Promise<void> {
        await check?.(pieces.joined());
        // Broken off meanwhile: it has been released, and would count for ever.
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
    release,
    get counted() {
      return counted;
    },
  };
}

const tooLarge = (most: number) =>
  new BodyRefusal('too large', `The body is larger than ${most} bytes, the most that is read`);

const noRoom = (most: number) =>
  new BodyRefusal(
    'no room',
    `The bodies of the calls under way take all ${most} bytes that are kept for them`,
  );

const brokenOff = (error: Error) =>
  new BodyRefusal('broken off', 'The body could not be read to its end', error);
