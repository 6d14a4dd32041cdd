import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { TimeWindow } from '../access/authenticate.ts';
import type { KnownUser, Users } from '../access/users.ts';
import { SoapFault } from '../contract/faults.ts';
import type { MObjectSettings } from '../rules/settings.ts';
import type { StoreAccess } from '../store/store.ts';
import type { WireCaps } from '../wire/caps.ts';
import type { CarryOut, IncomingCall } from './call.ts';
import type {
  CallWorkerAnswer,
  CallWorkerData,
  CallWorkerQuestion,
  HandedAnswer,
} from './call-worker-messages.ts';
import type { Logger } from './log.ts';
import { growYoungGeneration } from './v8-flags.ts';

/**
 * A second thread that carries out calls when this one has its hands full. It starts when it is first wanted. It has
 * a connection of its own to the database; the threads take turns in writing. When it fails the process ends, as it
 * would if this thread did.
 */
export interface CallWorker {
  /** Whether it should carry out this call, when so many others are under way in this thread. */
  wants(call: IncomingCall, underWay: number): boolean;
  readonly handleCall: CarryOut;
  /** All its calls have ended. */
  close(): Promise<void>;
}

export interface CallWorkerParts {
  readonly access: StoreAccess;
  readonly users: Users;
  readonly window?: TimeWindow | undefined;
  readonly settings: MObjectSettings;
  readonly caps: WireCaps;
  readonly logger: Logger;
  readonly now: () => Date;
}

/** With so many calls under way this thread has enough to do. */
const ENOUGH_HERE = 2;
/** So many the other thread has at most. */
const MOST_THERE = 8;
/** Bodies of fewer bytes take longer to hand over than to work on; of larger ones memory would take too much. */
const SMALLEST = 16 * 1024;
const LARGEST = 512 * 1024;

export function createCallWorker(parts: CallWorkerParts): CallWorker {
  const { access, users, window, settings, caps, logger, now } = parts;
  const waiting = new Map<number, (answer: HandedAnswer) => void>();
  let thread: Worker | undefined;
  let state: 'not started' | 'starting' | 'ready' | 'failed' | 'closing' = 'not started';
  let handed = 0;
  let told: ReadonlyMap<string, KnownUser> | undefined;

  function start(): void {
    state = 'starting';
    const program = new URL(`call-worker-program${extname(import.meta.filename)}`, import.meta.url);
    const workerData: CallWorkerData = { access, settings, caps, window };
    growYoungGeneration();
    thread = new Worker(program, { workerData });
    thread.unref();
    thread.on('message', hear);
    // It may have had its turn to write, for which this thread would wait for ever.
    thread.on('error', (cause) => {
      throw new Error('The second thread that carries out calls failed', { cause });
    });
    thread.on('exit', () => {
      if (state !== 'closing' && state !== 'failed') throw new Error('The second thread ended by itself');
    });
  }

  function hear(answer: CallWorkerAnswer): void {
    switch (answer.kind) {
      case 'ready':
        state = 'ready';
        break;
      case 'failed':
        state = 'failed';
        logger.warn({ err: answer.error }, 'a second thread for calls could not start; one carries out all');
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
      trace.handedOver = true;
      const known = await users.all();
      const number = handed++;
      // Its own memory moves to the other thread; what HTTP brought may share memory with other requests.
      const body = Uint8Array.from(call.body);
      const question: CallWorkerQuestion = {
        number,
        call: { ...call, body },
        callId: trace.callId,
        now: now().getTime(),
        users: known === told ? undefined : known,
      };
      told = known;
      const { outcome, trace: seen } = await new Promise<HandedAnswer>((resolve) => {
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
      thread.postMessage(undefined satisfies CallWorkerQuestion);
      await ended;
    },
  };
}
