import type { Worker } from 'node:worker_threads';
import type { TimeWindow } from '../access/authenticate.ts';
import type { KnownUser, Users } from '../access/users.ts';
import { SoapFault } from '../contract/faults.ts';
import { startThread } from '../packaging/thread.ts';
import type { MObjectSettings } from '../rules/settings.ts';
import type { StoreAccess } from '../store/store.ts';
import type { WireCaps } from '../wire/caps.ts';
import type { HandleCall, IncomingCall } from './call.ts';
import type {
  CallWorkerData,
  MessageFromWorker,
  MessageToWorker,
  WorkerAnswer,
} from './call-worker-messages.ts';
import type { Logger } from './log.ts';
import { growYoungGeneration } from './v8-flags.ts';

/**
 * The call worker: a second thread that handles calls while the main thread is busy. It starts on first use and has
 * its own database connection; the writer mutex coordinates both. If it fails, the process exits.
 */
export interface CallWorker {
  /** Returns whether the worker should handle this call, given the number of calls running on the main thread. */
  wants(call: IncomingCall, underWay: number): boolean;
  readonly handleCall: HandleCall;
  /** Ends the worker. Requires that all its calls have ended. */
  close(): Promise<void>;
}

export interface CallWorkerParts {
  readonly access: StoreAccess;
  readonly users: Users;
  readonly window?: TimeWindow | undefined;
  readonly settings: MObjectSettings;
  readonly journalValues: boolean;
  readonly caps: WireCaps;
  readonly logger: Logger;
  readonly now: () => Date;
}

/** The number of calls on the main thread from which the worker is used. */
const ENOUGH_HERE = 2;
/** The maximum number of calls on the worker. */
const MOST_THERE = 8;
/** Sending smaller bodies takes longer than handling them; larger ones would take too much memory. In bytes. */
const SMALLEST = 16 * 1024;
const LARGEST = 512 * 1024;

export function createCallWorker(parts: CallWorkerParts): CallWorker {
  const { access, users, window, settings, journalValues, caps, logger, now } = parts;
  const waiting = new Map<number, (answer: WorkerAnswer) => void>();
  let thread: Worker | undefined;
  let state: 'not started' | 'starting' | 'ready' | 'failed' | 'closing' = 'not started';
  let calls = 0;
  let sentUsers: ReadonlyMap<string, KnownUser> | undefined;

  function start(): void {
    state = 'starting';
    const workerData: CallWorkerData = { access, settings, caps, window, journalValues };
    growYoungGeneration();
    thread = startThread('server/call-worker-program', { workerData });
    thread.unref();
    thread.on('message', hear);
    // The worker may have held the writer mutex, so this thread could wait forever.
    thread.on('error', (cause) => {
      throw new Error('The call worker failed', { cause });
    });
    thread.on('exit', () => {
      if (state !== 'closing' && state !== 'failed') throw new Error('The call worker exited unexpectedly');
    });
  }

  function hear(answer: MessageFromWorker): void {
    switch (answer.kind) {
      case 'ready':
        state = 'ready';
        break;
      case 'failed':
        state = 'failed';
        logger.warn(
          { err: answer.error },
          'the call worker could not start; the main thread handles all calls',
        );
        break;
      case 'warning':
        logger.warn(answer.details, answer.message);
        break;
      case 'answer':
        waiting.get(answer.number)?.(answer);
        waiting.delete(answer.number);
        break;
    }
  }

  return {
    wants({ body, contentEncoding }, underWay) {
      const isFit = contentEncoding === undefined && body.length >= SMALLEST && body.length <= LARGEST;
      if (!isFit || underWay < ENOUGH_HERE) return false;
      if (state === 'not started') start();
      return state === 'ready' && waiting.size < MOST_THERE;
    },
    async handleCall(call, trace) {
      trace.onWorker = true;
      const known = await users.all();
      const number = calls++;
      // A copy, since transferring a buffer detaches it and HTTP buffers may be shared between requests.
      const body = Uint8Array.from(call.body);
      const question: MessageToWorker = {
        number,
        call: { ...call, body },
        callId: trace.callId,
        now: now().getTime(),
        users: known === sentUsers ? undefined : known,
      };
      sentUsers = known;
      const { outcome, trace: seen } = await new Promise<WorkerAnswer>((resolve) => {
        waiting.set(number, resolve);
        thread?.postMessage(question, [body.buffer]);
      });
      Object.assign(trace, seen);
      if (typeof outcome === 'string') return outcome;
      throw new SoapFault(outcome.code, outcome.message, outcome);
    },
    async close() {
      if (thread === undefined || state === 'failed') return;
      state = 'closing';
      const ended = new Promise((resolve) => thread?.once('exit', resolve));
      thread.postMessage(undefined satisfies MessageToWorker);
      await ended;
    },
  };
}
