#!/usr/bin/env node
/**
 * The `mktows` command. Checks the Node version before it imports anything: older versions lack APIs that the imports
 * name, or have an SQLite that truncates text at U+0000.
 */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const isFit = major === 24 ? minor >= 16 : major === 26 ? minor >= 1 : major > 26;
if (isFit) {
  const { start } = await import('./start.ts');
  await start();
} else {
  process.stderr.write(
    `mktows: needs Node 24 from 24.16 on, or 26.1 or newer, and this is Node ${process.versions.node}. npm can fetch one for mktows alone: npx -p node@26 -p PACKAGE mktows\n`,
  );
  process.exitCode = 1;
}
