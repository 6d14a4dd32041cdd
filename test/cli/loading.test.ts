import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const src = fileURLToPath(new URL('../../src', import.meta.url));

/** The packages that a file loads when it is imported: by itself, and by what it imports as values. */
function packagesOf(file: string, seen = new Set<string>()): Set<string> {
  const packages = new Set<string>();
  if (seen.has(file)) return packages;
  seen.add(file);
  for (const [, what = ''] of readFileSync(file, 'utf8').matchAll(
    /^(?:import (?!type )|export (?!type )|\} )[^;(]*?from '([^']+)'/gm,
  )) {
    if (what.startsWith('.') && what.endsWith('.ts')) {
      for (const name of packagesOf(resolve(dirname(file), what), seen)) packages.add(name);
    } else if (!what.startsWith('.') && !what.startsWith('node:'))
      packages.add(what.split('/', 1)[0] ?? what);
  }
  return packages;
}

/** Packages that take long to load, and what does without them. They are loaded where they are first needed. */
it.each([
  ['cli/main.ts', []],
  ['cli/program.ts', ['commander', 'fastest-levenshtein', 'luxon']],
  ['cli/wait.ts', ['commander', 'luxon']],
  [
    'cli/serve.ts',
    ['commander', 'csv-parse', 'fastest-levenshtein', 'fastify', 'luxon', 'pino', 'prom-client'],
  ],
  ['cli/sync.ts', ['commander', 'luxon']],
  ['client/index.ts', []],
  ['cli/migrate.ts', ['commander', 'fastest-levenshtein', 'luxon']],
])('%s loads no other packages than %j', (file, packages) => {
  expect([...packagesOf(resolve(src, file))].sort()).toEqual(packages);
});
