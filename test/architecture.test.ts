import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const src = fileURLToPath(new URL('../src', import.meta.url));

/** Which folders the files of a folder may import from, besides their own (docs/architecture.md). */
const mayImport: Record<string, readonly string[]> = {
  contract: [],
  records: ['contract'],
  wire: ['contract'],
  rules: ['contract', 'records'],
  store: ['contract', 'records', 'rules'],
  operations: ['contract', 'records', 'rules', 'store'],
  access: ['contract', 'wire', 'store'],
  instance: ['contract', 'records', 'rules', 'store'],
  client: ['contract', 'wire'],
  server: ['contract', 'records', 'wire', 'rules', 'store', 'operations', 'access', 'instance'],
  cli: [
    'contract',
    'records',
    'wire',
    'rules',
    'store',
    'operations',
    'access',
    'instance',
    'client',
    'server',
  ],
};

/** Single files that a folder may import from another one only. */
const onlyFiles: Record<string, Record<string, readonly string[]>> = {
  operations: { store: ['store.ts'] },
  access: { store: ['store.ts'], wire: ['signature.ts', 'timestamp.ts'] },
  instance: { store: ['store.ts'] },
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

describe('a folder imports only what docs/architecture.md allows', () => {
  it.each(Object.keys(mayImport))('%s', (folder) => {
    const files = sources.filter((file) => file.startsWith(`${folder}/`));
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
    const folders = readdirSync(src, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(folders.map(({ name }) => name).sort()).toEqual(Object.keys(mayImport).sort());
  });

  it('and docs/architecture.md says the same', () => {
    const page = readFileSync(join(src, '../docs/architecture.md'), 'utf8');
    const rows = Array.from(
      page.matchAll(/^\| `(\w+)\/` \| [^|]+ \| ([^|]+) \|$/gm),
      ([, folder = '', allowed = '']) => [folder, allowed] as const,
    );
    expect(rows.map(([folder]) => folder).sort()).toEqual(Object.keys(mayImport).sort());
    const wrong = rows.filter(([folder, allowed]) => {
      if (allowed.startsWith('all')) return false;
      const named = allowed === 'nothing' ? [] : allowed.replace(/ \([^)]*\)/g, '').split(', ');
      return named.sort().join() !== [...(mayImport[folder] ?? [])].sort().join();
    });
    expect(wrong).toEqual([]);
  });
});
