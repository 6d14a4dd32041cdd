import { mostInflated } from '../wire/content-coding.ts';
import {
  type CallParts,
  createBeginningCheck,
  createCallHandler,
  type HandleCall,
  type IncomingCall,
} from './call.ts';
import type { CallTrace } from './call-trace.ts';
import type { CallWorker } from './call-worker.ts';
import { createFairStart } from './fair-start.ts';
import { UNCOUNTED_BYTES } from './http-caps.ts';
import { createMemoryGate } from './memory-gate.ts';

/**
 * Schedules calls fairly. Small calls start within short turns of the event loop; large ones also wait for memory.
 * Some go to the call worker, if there is one. The signature of a large call is checked before it is queued, so that
 * unsigned calls do not block others.
 */
export interface CallQueue {
  readonly handleCall: HandleCall;
  /**
   * Checks the beginning of a large call while its body arrives. Rejects as `handleCall` would; the rest need not be
   * read then.
   */
  checkBeginning(call: IncomingCall, trace: CallTrace): Promise<void>;
  /** Resolves when all calls running now have ended. */
  settled(): Promise<void>;
}

/** Calls up to this size, unpacked, never wait for memory. Most calls of 100 rows are smaller. */
const SMALL_BYTES = UNCOUNTED_BYTES;
/** The total size of larger bodies, unpacked, that are handled at once. As messages they take several times that. */
const LARGE_AT_ONCE = 32 * 1024 * 1024;
/** The number of compressed bodies whose beginnings are unpacked at once. Each takes some hundred KiB. */
const BEGINNINGS_AT_ONCE = 16;

export function createCallQueue(parts: CallParts, worker: CallWorker | undefined): CallQueue {
  const { maxBytes } = parts.caps;
  const handleHere = createCallHandler(parts);
  const check = createBeginningCheck(parts, SMALL_BYTES);
  /** Calls running on this thread. */
  let here = 0;
  const underWay = new Set<Promise<unknown>>();
  const fairStart = createFairStart();
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
    return handleGated(call, call.body.length, trace);
  }

  async function beginPacked(call: IncomingCall, trace: CallTrace): Promise<string> {
    const { bytes, isWhole } = await beginnings.pass(1, () => check(call, true, trace));
    if (isWhole) return handleHere({ ...call, body: bytes, contentEncoding: undefined }, trace);
    const most = mostInflated(call.body.length, call.contentEncoding);
    return handleGated(call, Math.min(maxBytes, most), trace);
  }

  /** `weight`: the maximum size of the unpacked body. */
  function handleGated(call: IncomingCall, weight: number, trace: CallTrace): Promise<string> {
    if (weight <= SMALL_BYTES) return handleHere(call, trace);
    return memoryGate.pass(weight, () => handleHere(call, trace));
  }

  return {
    handleCall(call, trace) {
      if (worker?.wants(call, here)) return followed(worker.handleCall(call, trace));
      here++;
      const start = fairStart.take();
      const work = start ? start.then(() => begin(call, trace)) : begin(call, trace);
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
