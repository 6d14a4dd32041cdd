#!/usr/bin/env node
import { boundHeap } from './heap.ts';

/**
 * The command `mktows`. It looks at Node first: older versions lack parts, or have an SQLite that cuts off text at U+0000.
 */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const isFit = major === 24 ? minor >= 16 : major === 26 ? minor >= 1 : major > 26;
if (!isFit) {
  process.stderr.write(
    `mktows: needs Node 24 from 24.16 on, or 26.1 or newer, and this is Node ${process.versions.node}\n`,
  );
  process.exitCode = 1;
} else {
  if (process.argv[2] === 'serve') boundHeap();
  import('./program.ts').then(({ run }) => run(process.argv));
}
