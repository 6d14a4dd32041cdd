import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

/** All that a module imports, directly or not, but for types: URLs of files, and names of other modules. */
function importsOf(start: URL): Set<string> {
  const found = new Set([start.href]);
  for (const href of found) {
    if (!href.startsWith('file:')) continue;
    const imports = /^(?:import|export)\s(?!type\b)(?:[^';]*?from )?'([^']+)'/gm;
    for (const [, name = ''] of readFileSync(new URL(href), 'utf8').matchAll(imports)) {
      found.add(name.startsWith('.') ? new URL(name, href).href : name);
    }
  }
  return found;
}

it('the client loads its own files, those of the contract and of the wire, and no module of Node or others', () => {
  const loaded = [...importsOf(new URL('../../src/client/index.ts', import.meta.url))];
  expect(loaded.some((name) => name.endsWith('/src/wire/xml-reader.ts'))).toBe(true);
  expect(loaded.filter((name) => !/^file:.*\/src\/(client|contract|wire)\//.test(name))).toEqual([]);
});
