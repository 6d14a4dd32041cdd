#!/usr/bin/env node
/** The command `mktows`. It looks at Node first: the parts behind it crash on versions that are too old. */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 14)) {
  process.stderr.write(`mktows: needs Node 22.14 or newer, and this is Node ${process.versions.node}\n`);
  process.exitCode = 1;
} else {
  import('./program.ts').then(({ run }) => run(process.argv));
}

export {};
