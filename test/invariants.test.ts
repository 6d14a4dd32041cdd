import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const root = new URL('../', import.meta.url);
const page = readFileSync(new URL('docs/invariants.md', root), 'utf8');
const named = Array.from(page.matchAll(/`((?:test|src)\/[^`]+)`/g), ([, path = '']) => path);

it('docs/invariants.md names only files that are there', () => {
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((path) => !existsSync(new URL(path, root)))).toEqual([]);
});

it('docs/invariants.md names a test for every guarantee', () => {
  const rows = page.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| guarantee'));
  expect(rows.filter((row) => !row.includes('`test/'))).toEqual([]);
});

it('docs/invariants.md has no row twice, as a merge can leave it in two wordings', () => {
  const rows = page.split('\n').filter((line) => line.startsWith('| '));
  const files = rows.map((row) =>
    Array.from(row.matchAll(/`((?:test|src)\/[^`]+)`/g), ([, path]) => path).join(),
  );
  expect(
    rows.filter((_row, index) => files[index] !== '' && files.indexOf(files[index] ?? '') !== index),
  ).toEqual([]);
});
