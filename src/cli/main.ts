#!/usr/bin/env node
import { setImmediate as nextTurn } from 'node:timers/promises';
import { keepCompiledCode } from './code-cache.ts';
import { restartWithHeapFlags } from './heap.ts';
import { exitOnOutputError } from './output.ts';
import { listenToSignals } from './signals.ts';

/**
 * The `mktows` command. Checks the Node version first: older versions lack APIs, or have an SQLite that truncates
 * text at U+0000.
 */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const isFit = major === 24 ? minor >= 16 : major === 26 ? minor >= 1 : major > 26;
if (!isFit) {
  process.stderr.write(
    `mktows: needs Node 24 from 24.16 on, or 26.1 or newer, and this is Node ${process.versions.node}\n`,
  );
  process.exitCode = 1;
} else {
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
