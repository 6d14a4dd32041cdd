import type { IncomingMessage, ServerResponse } from 'node:http';
import { errorCodes } from 'fastify';
import { SoapFault } from '../contract/faults.ts';
import { serverTimes, UNCOUNTED_BYTES } from './http-caps.ts';
import type { RefusalCap } from './metrics.ts';

/** Reads the bodies of requests, and keeps all that are in memory together below a cap. */
export interface Bodies {
  /** Must be called before `read`: the bytes of the body count until the answer is out or the connection gone. */
  expect(request: IncomingMessage, response: ServerResponse): void;
  /**
   * The whole body. Rejects when it is larger than one may be, or when those under way take all the memory that there
   * is for them; what then still comes is thrown away, for a short time, since most clients read no answer before
   * they have sent everything.
   */
  read(request: IncomingMessage): Promise<Buffer>;
  /** Bytes that count against the cap now. */
  readonly counted: number;
}

export interface BodyCaps {
  /** Of one body. */
  readonly maxBytes: number;
  /** Of all (`HttpCaps`). */
  readonly maxBodiesBytes: number;
  readonly refused: (cap: RefusalCap) => void;
}

export function createBodies({ maxBytes, maxBodiesBytes, refused }: BodyCaps): Bodies {
  const countedFor = new WeakMap<IncomingMessage, number>();
  let counted = 0;

  function count(request: IncomingMessage, bytes: number): void {
    counted += bytes - (countedFor.get(request) ?? 0);
    countedFor.set(request, bytes);
  }

  /** What is in the way of a body that has come to this length. */
  function refusal(request: IncomingMessage, length: number): Error | undefined {
    if (length > maxBytes) {
      refused('body');
      return new errorCodes.FST_ERR_CTP_BODY_TOO_LARGE();
    }
    const bytes = Math.max(0, length - UNCOUNTED_BYTES);
    if (counted - (countedFor.get(request) ?? 0) + bytes > maxBodiesBytes) {
      refused('bodies');
      return new SoapFault(
        20024,
        `The bodies of the calls under way take all ${maxBodiesBytes} bytes that are kept for them; send this call again when others are answered`,
      );
    }
    count(request, bytes);
    return undefined;
  }

  return {
    expect(request, response) {
      response.once('close', () => count(request, 0));
    },

    read: (request) =>
      new Promise((resolve, reject) => {
        let pieces: Buffer[] = [];
        let length = 0;
        let refusedWith: Error | undefined;
        let lingering: NodeJS.Timeout | undefined;

        function refuse(error: Error): void {
          pieces = [];
          count(request, 0);
          refusedWith = error;
          lingering = setTimeout(reject, serverTimes.linger, error);
        }

        function end(error?: Error): void {
          clearTimeout(lingering);
          const failure = refusedWith ?? error;
          if (failure) reject(failure);
          else resolve(Buffer.concat(pieces, length));
        }

        if (Number(request.headers['content-length']) > maxBytes) {
          refuse(refusal(request, Number.POSITIVE_INFINITY) as Error);
        }
        request.on('data', (piece: Buffer) => {
          length += piece.length;
          if (refusedWith) return;
          const error = refusal(request, length);
          if (error) refuse(error);
          else pieces.push(piece);
        });
        request.once('end', () => end());
        request.once('error', (error) => end(Object.assign(error, { statusCode: 400 })));
      }),

    get counted() {
      return counted;
    },
  };
}
