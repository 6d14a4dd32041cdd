import type { CallTrace, CarryOut, IncomingCall } from './call.ts';
import type { CallWorker } from './call-worker.ts';
import { createFairStart } from './fair-start.ts';
import { createMemoryGate } from './memory-gate.ts';

/**
 * Carries out calls so that they leave each other room: each waits its turn, large ones for other large ones, too. Some
 * go to the second thread, if there is one.
 */
export interface CallQueue {
  readonly handleCall: CarryOut;
  /** Resolves when all calls that are under way now have ended. */
  settled(): Promise<void>;
}

/** Calls of bodies up to this length, as those of 100 rows mostly are, never wait for others. */
const SMALL_BYTES = 128 * 1024;
/** So many bytes of larger bodies, unpacked, are worked on at once: read as messages they take several times that. */
const LARGE_AT_ONCE = 32 * 1024 * 1024;
/** Deflate packs no more than so many bytes into one (zlib's technical details). */
const MOST_PACKED = 1032;

/** How long the body of a call can be once it is unpacked. */
const weightOf = ({ body, contentEncoding }: IncomingCall, maxBytes: number) =>
  contentEncoding === undefined ? body.length : Math.min(maxBytes, body.length * MOST_PACKED);

/** `maxBytes`: of one body, unpacked. */
export function createCallQueue(
  handleCall: CarryOut,
  maxBytes: number,
  second: CallWorker | undefined,
): CallQueue {
  /** Those of this thread, and of both. */
  let here = 0;
  const underWay = new Set<Promise<string>>();
  const turns = createFairStart();
  const memoryGate = createMemoryGate(Math.max(maxBytes, LARGE_AT_ONCE));

  function followed(work: Promise<string>): Promise<string> {
    underWay.add(work);
    const done = () => underWay.delete(work);
    work.then(done, done);
    return work;
  }

  function begin(call: IncomingCall, trace: CallTrace): Promise<string> {
    const weight = weightOf(call, maxBytes);
    if (weight <= SMALL_BYTES) return handleCall(call, trace);
    return memoryGate.pass(weight, () => handleCall(call, trace));
  }

  return {
    handleCall(call, trace) {
      if (second?.wants(call, here)) return followed(second.handleCall(call, trace));
      here++;
      const turn = turns.take();
      const work = turn ? turn.then(() => begin(call, trace)) : begin(call, trace);
      const done = () => void here--;
      work.then(done, done);
      return followed(work);
    },
    async settled() {
      await Promise.allSettled(underWay);
    },
  };
}
