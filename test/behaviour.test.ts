import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { marketoLimits } from '../src/access/limits.ts';
import { type StoredType, standardFields } from '../src/contract/fields.ts';

const page = readFileSync(new URL('../docs/behaviour.md', import.meta.url), 'utf8');

/** The rows of the first table behind a line of the page. */
function tableBehind(line: string): string[][] {
  const at = page.indexOf(`\n${line}\n`);
  const table = /\n\|[^\n]*\n\|[-|]+\n((?:\|[^\n]*\n)+)/.exec(page.slice(at))?.[1] ?? '';
  return table
    .trim()
    .split('\n')
    .map((row) => row.split('|').slice(1, -1))
    .map((cells) => cells.map((cell) => cell.trim()));
}

it.each(Object.keys(standardFields) as StoredType[])(
  'docs/behaviour.md has the standard fields of %s',
  (type) => {
    expect(tableBehind(`**${type}**`)).toEqual(
      standardFields[type].map(({ name, displayName, dataType, size }) => [
        name,
        displayName,
        dataType,
        String(size ?? ''),
      ]),
    );
  },
);

it("docs/behaviour.md has Marketo's limits", () => {
  const limits = tableBehind('### Limits').map(([, limit]) => Number(limit?.replace(',', '')));
  expect(limits).toEqual([marketoLimits.daily, marketoLimits.rate, marketoLimits.concurrency]);
});
