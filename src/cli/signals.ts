import { constants } from 'node:os';
import { printable } from '../server/printable.ts';

/** Signals that end the process. Windows sends SIGHUP when the console is closed, and has no SIGQUIT. */
const endingSignals = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'] as const;
export type EndingSignal = (typeof endingSignals)[number];

/** Log rotation tools send these signals. By default, SIGUSR1 opens Node's debugger and SIGUSR2 ends the process. */
const ignoredSignals = ['SIGUSR1', 'SIGUSR2'] as const;

type SignalHandler = (signal: EndingSignal) => void;

let handler: SignalHandler = endAtOnce;
let isListening = false;

/**
 * Starts listening to signals. Call it as early as possible: for process 1 of a container, the kernel drops signals
 * without a handler.
 */
export function listenToSignals(): void {
  if (isListening) return;
  isListening = true;
  for (const signal of endingSignals) process.on(signal, () => handler(signal));
  for (const signal of ignoredSignals) process.on(signal, () => {});
}

/** Passes signals that end the process to `onSignal` until the returned function is called. */
export function handleSignals(onSignal: SignalHandler): () => void {
  listenToSignals();
  handler = onSignal;
  return () => {
    handler = endAtOnce;
  };
}

/** A run that a signal ends in order. */
export interface EndableRun {
  /** Aborted by the first signal. */
  readonly signal: AbortSignal;
  /** Leaves further signals to the process. */
  release(): void;
}

/** Lets the first signal abort a run, and call `onEnding`; a second one ends the process at once. */
export function abortOnSignal(onEnding: () => void): EndableRun {
  const ended = new AbortController();
  const release = handleSignals(() => {
    onEnding();
    ended.abort();
    release();
  });
  return { signal: ended.signal, release };
}

/**
 * Ends the process by the signal itself, as if it had no handler. Process 1 ignores that, so it exits with the status
 * that shells use.
 */
function endAtOnce(signal: EndingSignal): void {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
  process.exit(128 + constants.signals[signal]);
}

/**
 * Stops gracefully on a signal: calls `stop`, then exits with status 0, or 1 if it fails. A second signal exits at
 * once with status 1; a repeated SIGHUP is ignored, since closing a terminal may send several.
 */
export function stopOnSignal(stop: () => Promise<void>): void {
  let isStopping = false;
  handleSignals((signal) => {
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
