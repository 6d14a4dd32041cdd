import { setImmediate as nextTurn } from 'node:timers/promises';
import { keepCompiledCode } from './code-cache.ts';
import { restartWithHeapFlags } from './heap.ts';
import { exitOnOutputError } from './output.ts';
import { listenToSignals } from './signals.ts';

/** Runs the command, on a Node that it works on. */
export async function start(): Promise<void> {
  // The kernel drops signals to process 1 until there are handlers. Other processes end by the signal itself without
  // handlers, whereas one that a handler received just before the restart would be lost.
  if (process.pid === 1) listenToSignals();
  await restartWithHeapFlags();
  exitOnOutputError();
  listenToSignals();
  keepCompiledCode();
  const { run } = await import('./program.ts');
  // Delivers signals that arrived while the program was loading.
  await nextTurn();
  await run(process.argv);
}
