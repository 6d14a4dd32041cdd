import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const src = fileURLToPath(new URL('../src', import.meta.url));

/** Which folders and files the files of a folder may import from, besides their own (docs/architecture.md). */
const mayImport: Record<string, readonly string[]> = {
  packaging: [],
  contract: [],
  records: ['contract'],
  wire: ['contract'],
  rules: ['contract', 'records'],
  store: ['packaging', 'contract', 'records', 'rules'],
  'backend.ts': ['contract', 'rules'],
  local: ['contract', 'records', 'rules', 'backend.ts', 'store'],
  operations: ['contract', 'records', 'rules', 'backend.ts'],
  access: ['contract', 'wire', 'store'],
  instance: ['contract', 'records', 'rules', 'store'],
  client: ['contract', 'wire'],
  server: [
    'packaging',
    'contract',
    'records',
    'wire',
    'rules',
    'store',
    'backend.ts',
    'local',
    'operations',
    'access',
    'instance',
  ],
  admin: [
    'packaging',
    'contract',
    'records',
    'wire',
    'rules',
    'store',
    'backend.ts',
    'local',
    'operations',
    'access',
    'instance',
    'server',
  ],
  bulk: ['contract', 'rules', 'client'],
  transfer: ['contract', 'records', 'rules', 'store', 'instance', 'bulk'],
  cli: [
    'admin',
    'packaging',
    'bulk',
    'transfer',
    'contract',
    'records',
    'wire',
    'rules',
    'store',
    'backend.ts',
    'local',
    'operations',
    'access',
    'instance',
    'client',
    'server',
  ],
  testing: ['contract', 'wire', 'operations', 'rules', 'store', 'access', 'instance', 'server', 'cli'],
  'index.ts': ['instance', 'cli'],
};

/** Single files that a folder may import from another one only. */
const onlyFiles: Record<string, Record<string, readonly string[]>> = {
  local: { store: ['store.ts', 'move-activities.ts', 'turns.ts'] },
  access: { store: ['store.ts'], wire: ['signature.ts', 'timestamp.ts'] },
  instance: { store: ['store.ts', 'move-activities.ts'] },
  transfer: { store: ['store.ts', 'sections.ts', 'section-rows.ts'] },
};

const sources = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.ts'),
);

function importsOf(file: string): string[] {
  const text = readFileSync(join(src, file), 'utf8');
  return Array.from(text.matchAll(/(?:from|import\()\s*'(\.[^']+)'/g), ([, path]) =>
    relative(src, resolve(src, dirname(file), path ?? '')),
  );
}

/** Returns each circle of files that import each other, values or types, with the files in alphabetical order. */
function circlesIn(files: readonly string[], imports: (file: string) => readonly string[]): string[][] {
  // Tarjan's strongly connected components.
  const circles: string[][] = [];
  const order = new Map<string, number>();
  const path: string[] = [];

  function visit(file: string): number {
    const own = order.size;
    order.set(file, own);
    path.push(file);
    let earliest = own;
    const imported = imports(file).filter((other) => files.includes(other));
    for (const other of imported) {
      const known = order.get(other);
      if (known === undefined) earliest = Math.min(earliest, visit(other));
      else if (path.includes(other)) earliest = Math.min(earliest, known);
    }
    if (earliest === own) {
      const component = path.splice(path.indexOf(file));
      if (component.length > 1 || imported.includes(file)) circles.push(component.sort());
    }
    return earliest;
  }

  for (const file of files) if (!order.has(file)) visit(file);
  return circles;
}

describe('files do not import each other in a circle', () => {
  it('in src', () => {
    expect(circlesIn(sources, importsOf)).toEqual([]);
  });

  it('which is found however long it is, and each one', () => {
    const imports: Record<string, string[]> = {
      a: ['b', 'd'],
      b: ['c'],
      c: ['a', 'd'],
      d: ['e'],
      e: ['f'],
      f: ['e'],
      g: ['g', 'a'],
    };
    const circles = circlesIn(Object.keys(imports), (file) => imports[file] ?? []);
    expect(circles.sort()).toEqual([['a', 'b', 'c'], ['e', 'f'], ['g']]);
  });
});

describe('a folder imports only what docs/architecture.md allows', () => {
  it.each(Object.keys(mayImport))('%s', (folder) => {
    const files = sources.filter((file) => file === folder || file.startsWith(`${folder}/`));
    expect(files).not.toEqual([]);
    const forbidden = files.flatMap((file) =>
      importsOf(file)
        .filter((imported) => {
          const [target = '', ...rest] = imported.split('/');
          if (target === folder) return false;
          if (!mayImport[folder]?.includes(target)) return true;
          const only = onlyFiles[folder]?.[target];
          return only !== undefined && !only.includes(rest.join('/'));
        })
        .map((imported) => `${file} imports ${imported}`),
    );
    expect(forbidden).toEqual([]);
  });

  it('and every folder has its row', () => {
    expect(readdirSync(src).sort()).toEqual(Object.keys(mayImport).sort());
  });

  it('and docs/architecture.md says the same', () => {
    const page = readFileSync(join(src, '../docs/architecture.md'), 'utf8');
    const rows = Array.from(
      page.matchAll(/^\| `([\w.]+)\/?` \| [^|]+ \| ([^|]+) \|$/gm),
      ([, folder = '', allowed = '']) => [folder, allowed] as const,
    );
    expect(rows.map(([folder]) => folder).sort()).toEqual(Object.keys(mayImport).sort());
    const wrong = rows.filter(([folder, allowed]) => {
      if (allowed.startsWith('all')) return false;
      const named = allowed === 'nothing' ? [] : allowed.replace(/ \([^)]*\)|`/g, '').split(', ');
      return named.sort().join() !== [...(mayImport[folder] ?? [])].sort().join();
    });
    expect(wrong).toEqual([]);
  });
});

/**
 * V8 gives each object that a literal with an accessor makes a hidden class of its own, and that class keeps what the
 * accessor closes over alive until the next full collection: the whole call, for an object made once a call.
 */
it('what handles calls makes no objects with accessors, but by classes', () => {
  const folders = ['wire', 'records', 'rules', 'store', 'local', 'operations', 'access'];
  const found = sources
    .filter((file) => folders.includes(file.split('/')[0] ?? ''))
    .flatMap((file) =>
      Array.from(
        readFileSync(join(src, file), 'utf8').matchAll(/^ {4,}(?:get|set) \w+\(/gm),
        ([text]) => `${file}: ${text.trim()}`,
      ),
    );
  expect(found).toEqual([]);
});
