import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { InputFormat } from '../../src/bulk/input.ts';
import { openInput } from '../../src/bulk/open-input.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mktows-input-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Returns the values of each row, or what is wrong with it. */
async function rowsOf(content: string | Buffer, format: InputFormat): Promise<unknown[]> {
  const file = join(folder, 'file');
  await writeFile(file, content);
  const { rows } = await openInput({ file, format, delimiter: undefined, encoding: 'utf-8' });
  const found: unknown[] = [];
  for await (const some of rows)
    found.push(...some.map((row) => ('problem' in row ? row.problem : row.values)));
  return found;
}

it.each<[InputFormat, string]>([
  ['csv', 'Name\nM\ufffdller\n'],
  ['tsv', 'Name\tCity\nM\ufffdller\tBonn\n'],
  ['ndjson', '{"Name":"M\ufffdller"}\n'],
  ['json', '[{"Name":"M\ufffdller"}]'],
])('a replacement character that is in the %s file itself is a character as any', async (format, content) => {
  expect((await rowsOf(content, format)).flat()[0]).toBe('M\ufffdller');
});

it('bytes that are not of the encoding are refused', async () => {
  const content = Buffer.from('Name\nM\xfcller\n', 'latin1');
  expect(await rowsOf(content, 'csv')).toEqual([expect.stringContaining('--encoding')]);
});
