import { mostInflated } from '../wire/content-coding.ts';
import {
  type CallParts,
  type CarryOut,
  createBeginningCheck,
  createCallHandler,
  type IncomingCall,
} from './call.ts';
import type { CallTrace } from './call-trace.ts';
import type { CallWorker } from './call-worker.ts';
import { createFairStart } from './fair-start.ts';
import { UNCOUNTED_BYTES } from './http-caps.ts';
import { createMemoryGate } from './memory-gate.ts';

/**
 * Carries out calls so that they leave each other room: each waits its turn, large ones for other large ones, too. Some
 * go to the second thread, if there is one. Nobody waits for a large call that is not signed: that is found out first.
 */
export interface CallQueue {
  readonly handleCall: CarryOut;
  /** Checks what arrived of a call so far, a large one. Rejects as `handleCall` would: it need not be read further. */
  checkBeginning(call: IncomingCall, trace: CallTrace): Promise<void>;
  /** Resolves when all calls that are under way now have ended. */
  settled(): Promise<void>;
}

/** Calls of bodies up to this length, unpacked, as those of 100 rows mostly are, never wait for others. */
const SMALL_BYTES = UNCOUNTED_BYTES;
/** So many bytes of larger bodies, unpacked, are worked on at once: read as messages they take several times that. */
const LARGE_AT_ONCE = 32 * 1024 * 1024;
/** So many beginnings of packed bodies are unpacked at once; each takes some hundred KiB. */
const BEGINNINGS_AT_ONCE = 16;

export function createCallQueue(parts: CallParts, second: CallWorker | undefined): CallQueue {
  const { maxBytes } = parts.caps;
  const handleHere = createCallHandler(parts);
  const check = createBeginningCheck(parts, SMALL_BYTES);
  /** Those of this thread, and of both. */
  let here = 0;
  const underWay = new Set<Promise<unknown>>();
  const turns = createFairStart();
  const memoryGate = createMemoryGate(Math.max(maxBytes, LARGE_AT_ONCE));
  const beginnings = createMemoryGate(BEGINNINGS_AT_ONCE);

  function followed<Result>(work: Promise<Result>): Promise<Result> {
    underWay.add(work);
    const done = () => underWay.delete(work);
    work.then(done, done);
    return work;
  }

  function begin(call: IncomingCall, trace: CallTrace): Promise<string> {
    if (call.contentEncoding !== undefined) return beginPacked(call, trace);
    return carryOut(call, call.body.length, trace);
  }

  async function beginPacked(call: IncomingCall, trace: CallTrace): Promise<string> {
    const { bytes, isWhole } = await beginnings.pass(1, () => check(call, true, trace));
    if (isWhole) return handleHere({ ...call, body: bytes, contentEncoding: undefined }, trace);
    const most = mostInflated(call.body.length, call.contentEncoding);
    return carryOut(call, Math.min(maxBytes, most), trace);
  }

  /** `weight`: how long the body is at most once it is unpacked. */
  function carryOut(call: IncomingCall, weight: number, trace: CallTrace): Promise<string> {
    if (weight <= SMALL_BYTES) return handleHere(call, trace);
    return memoryGate.pass(weight, () => handleHere(call, trace));
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
    async checkBeginning(call, trace) {
      await followed(beginnings.pass(1, () => check(call, false, trace)));
    },
    async settled() {
      await Promise.allSettled(underWay);
    },
  };
}
