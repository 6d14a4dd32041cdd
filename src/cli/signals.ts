import { constants } from 'node:os';
import { printable } from '../server/printable.ts';

/** Signals that end a process. Windows sends SIGHUP when the console is closed, and knows no SIGQUIT. */
const endingSignals = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'] as const;
export type EndingSignal = (typeof endingSignals)[number];

/** By SIGUSR1 Node would open its debugger, and SIGUSR2 would end it: tools send both to have a log opened anew. */
const ignoredSignals = ['SIGUSR1', 'SIGUSR2'] as const;

type SignalHandler = (signal: EndingSignal) => void;

let handler: SignalHandler = endAtOnce;
let isListening = false;

/**
 * Begins to listen to signals. To be called as early as possible: for process 1 of a container the kernel drops signals
 * that nobody listens to.
 */
export function listenToSignals(): void {
  if (isListening) return;
  isListening = true;
  for (const signal of endingSignals) process.on(signal, () => handler(signal));
  for (const signal of ignoredSignals) process.on(signal, () => {});
}

/** Hands signals that end the process to `taken`, until the returned function is called. */
export function takeSignals(taken: SignalHandler): () => void {
  listenToSignals();
  handler = taken;
  return () => {
    handler = endAtOnce;
  };
}

/** Ends as if nobody had listened: by the signal itself. On process 1 that has no effect, so it exits as shells say it. */
function endAtOnce(signal: EndingSignal): void {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
  process.exit(128 + constants.signals[signal]);
}

/**
 * Ends the process with status 0 once `stop` has finished what was begun, when a signal comes; with status 1 when it
 * fails, or at once when a signal comes again. SIGHUP comes more than once when a terminal is closed, and counts once.
 */
export function stopOnSignal(stop: () => Promise<void>): void {
  let isStopping = false;
  takeSignals((signal) => {
    if (isStopping && signal === 'SIGHUP') return;
    if (isStopping) process.exit(1);
    isStopping = true;
    stop().then(
      () => process.exit(0),
      (error: Error) => {
        process.stderr.write(`mktows: could not stop in order: ${printable(error.message)}\n`);
        process.exit(1);
      },
    );
  });
}
