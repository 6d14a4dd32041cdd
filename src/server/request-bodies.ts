import type { IncomingMessage, ServerResponse } from 'node:http';
import { SoapFault } from '../contract/faults.ts';
import { serverTimes, UNCOUNTED_BYTES } from './http-caps.ts';
import type { RefusalCap } from './metrics.ts';

/** Reads the bodies of requests, and keeps all that are in memory together below a cap. */
export interface Bodies {
  /**
   * The whole body, whose bytes count until `release`. Rejects with `SoapFault` when it breaks off, when it is larger
   * than one may be, or when those under way take all the memory that there is for them; what then still comes is
   * thrown away, for a short time, since most clients read no answer before they have sent everything, and the
   * connection ends with the answer.
   */
  read(request: IncomingMessage, response: ServerResponse): Promise<Uint8Array>;
  /** The answer of this request is out, or its connection gone. */
  release(request: IncomingMessage): void;
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
  /** Only of bodies of which something counts. */
  const countedFor = new Map<IncomingMessage, number>();
  let counted = 0;

  function release(request: IncomingMessage): void {
    counted -= countedFor.get(request) ?? 0;
    countedFor.delete(request);
  }

  /** What is in the way of a body that has come to this length. */
  function refusal(request: IncomingMessage, length: number): SoapFault | undefined {
    if (length > maxBytes) {
      refused('body');
      return tooLarge(maxBytes);
    }
    const bytes = length - UNCOUNTED_BYTES;
    if (bytes <= 0) return undefined;
    const others = counted - (countedFor.get(request) ?? 0);
    if (others + bytes > maxBodiesBytes) {
      refused('bodies');
      return noRoom(maxBodiesBytes);
    }
    counted = others + bytes;
    countedFor.set(request, bytes);
    return undefined;
  }

  return {
    read: (request, response) =>
      new Promise((resolve, reject) => {
        let pieces: Buffer[] = [];
        let length = 0;
        let refusedWith: SoapFault | undefined;
        let lingering: NodeJS.Timeout | undefined;

        function refuse(fault: SoapFault): void {
          pieces = [];
          release(request);
          response.shouldKeepAlive = false;
          refusedWith = fault;
          lingering = setTimeout(reject, serverTimes.linger, fault);
        }

        if (Number(request.headers['content-length']) > maxBytes) {
          refused('body');
          refuse(tooLarge(maxBytes));
        }
        request.on('data', (piece: Buffer) => {
          length += piece.length;
          if (refusedWith) return;
          const fault = refusal(request, length);
          if (fault) refuse(fault);
          else pieces.push(piece);
        });
        request.on('end', () => {
          clearTimeout(lingering);
          if (refusedWith) reject(refusedWith);
          else resolve(pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces, length));
        });
        request.on('error', (error) => {
          clearTimeout(lingering);
          reject(refusedWith ?? brokenOff(error));
        });
      }),
    release,
    get counted() {
      return counted;
    },
  };
}

const tooLarge = (most: number) =>
  new SoapFault(
    20012,
    `The body is larger than ${most} bytes, the most that is read; send fewer mObjects in a call`,
  );

const noRoom = (most: number) =>
  new SoapFault(
    20024,
    `The bodies of the calls under way take all ${most} bytes that are kept for them; send this call again when others are answered`,
  );

const brokenOff = (error: Error) =>
  new SoapFault(20012, 'The body could not be read to its end', { internal: error.message });
