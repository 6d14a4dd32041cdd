import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openStore } from '../../src/store/open.ts';
import { runOn } from './sqlite-file.ts';

/** In a mount namespace folders can be made read-only even for the superuser. */
const canMount = (() => {
  try {
    execFileSync('unshare', ['-m', 'mount', '--make-rprivate', '/'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

let folder: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mktows-'));
  await (await openStore(`sqlite:${join(folder, 'test.db')}`)).close();
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Shows the folder as /mnt/data and the checkout as /mnt/app, and nothing else that could be written. */
const inNamespace = `
  set -e
  mount --make-rprivate /
  mount -t tmpfs tmpfs /mnt
  mkdir /mnt/data /mnt/app
  mount --bind "$1" /mnt/data
  mount --bind "$2" /mnt/app
  mount -o remount,bind,ro /mnt/app
  for tmp in /var/tmp /tmp; do mount -t tmpfs -o ro tmpfs $tmp; done
  cd /tmp
  unset TMPDIR SQLITE_TMPDIR
  exec "$3" --disable-warning=ExperimentalWarning /mnt/app/test/store/find-by-name.ts sqlite:/mnt/data/test.db $(printf %0100d 7919)`;

it.skipIf(!canMount)(
  'a large table is indexed where no folder for temporary files can be written',
  async () => {
    runOn(
      join(folder, 'test.db'),
      `INSERT INTO opportunity (id, created_at, updated_at, name)
     WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60000)
     SELECT i, '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z', printf('%0100d', i * 7919 % 60000) FROM n`,
    );
    const root = fileURLToPath(new URL('../../', import.meta.url));
    // A checkout below /tmp, with its own Node, is seen in /mnt/app only.
    const ownNode = relative(root, process.execPath);
    const node = ownNode.startsWith('..') ? process.execPath : join('/mnt/app', ownNode);
    const words = ['-m', 'sh', '-c', inNamespace, 'sh', folder, root, node];
    const { stdout } = await promisify(execFile)('unshare', words);
    expect(stdout).toBe('1');
  },
);
