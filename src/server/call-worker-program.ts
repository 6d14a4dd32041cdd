/** The program of the call worker, which `call-worker.ts` starts. It handles calls as the main thread does. */
import { parentPort, workerData } from 'node:worker_threads';
import { createAuthenticator } from '../access/authenticate.ts';
import { createLimits, noLimits } from '../access/limits.ts';
import type { KnownUser } from '../access/users.ts';
import { createLocalBackend } from '../local/local-backend.ts';
import { openBeside } from '../store/open.ts';
import type { Store } from '../store/store.ts';
import { createCallHandler } from './call.ts';
import { createTrace } from './call-trace.ts';
import type {
  CallWorkerData,
  FaultParts,
  MessageFromWorker,
  MessageToWorker,
  WorkerCall,
} from './call-worker-messages.ts';
import { faultFor } from './faults.ts';

const { access, settings, caps, window, journalValues } = workerData as CallWorkerData;
const say = (answer: MessageFromWorker) => parentPort?.postMessage(answer);

try {
  const store = await openBeside(access, {
    log: { warn: (details, message) => say({ kind: 'warning', details, message }) },
  });
  let users: ReadonlyMap<string, KnownUser> = new Map();
  let now = 0;
  const handleCall = createCallHandler({
    backendFor: createLocalBackend(store, { hasValues: journalValues }),
    settings,
    caps,
    authenticate: createAuthenticator({
      users: { all: async () => users, given: [], forget() {} },
      now: () => now,
      ...(window === undefined ? {} : { window }),
    }),
    limits: createLimits(noLimits),
    now: () => new Date(now),
  });

  const answer = async ({ number, call, callId }: WorkerCall): Promise<void> => {
    const trace = createTrace(callId);
    const outcome = await handleCall(call, trace).catch((error) => partsOf(error, callId));
    const { header, operation, known, mode, userId, rows, answered } = trace;
    say({
      kind: 'answer',
      number,
      outcome,
      trace: { header, operation, known, mode, userId, rows, answered },
    });
  };

  parentPort?.on('message', (question: MessageToWorker) => {
    if (question === undefined) {
      void end(store);
      return;
    }
    users = question.users ?? users;
    now = question.now;
    void answer(question);
  });
  say({ kind: 'ready' });
} catch (error) {
  say({ kind: 'failed', error: error instanceof Error ? error : new Error(String(error)) });
}

/** With the port closed, nothing keeps the thread alive, and it ends. */
async function end(store: Pick<Store, 'close'>): Promise<void> {
  try {
    await store.close();
  } catch (error) {
    say({
      kind: 'warning',
      details: { err: error },
      message: 'the call worker could not close the database',
    });
  }
  parentPort?.close();
}

function partsOf(error: unknown, callId: string): FaultParts {
  const { code, message, form, internal, outcomeUnknown, cause } = faultFor(error, callId);
  // Errors can always be posted; other thrown values may not be cloneable.
  const posted = cause === undefined || cause instanceof Error ? cause : String(cause);
  return { code, message, form, internal, outcomeUnknown, cause: posted };
}
