import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { faultCodes, faults } from '../src/contract/faults.ts';

const page = readFileSync(new URL('../docs/errors.md', import.meta.url), 'utf8');
const rows = Array.from(page.matchAll(/^\| (\d{5}) \| ([^|]+) \| (\w+) \| ([^|]+) \| ([^|]+) \|$/gm), (row) =>
  row.slice(1),
);

it('docs/errors.md has the row of every fault, word for word, and no other', () => {
  expect(rows).toEqual(
    faultCodes.map((code) => [
      String(code),
      faults[code].short,
      faults[code].blame,
      faults[code].when,
      faults[code].remedy,
    ]),
  );
});

it('every fault code is that of a fault that the source makes, and there are no others', () => {
  const sources = globSync('src/**/*.ts')
    .filter((file) => !file.endsWith('contract/faults.ts'))
    .map((file) => readFileSync(file, 'utf8'));
  const firstArguments = sources.flatMap(
    (source) => source.match(/new (?:SoapFault|CodedRefusal)\([^,)]+/g) ?? [],
  );
  const thrown = firstArguments.flatMap((argument) => argument.match(/\b\d{5}\b/g) ?? []);
  expect([...new Set(thrown)].sort()).toEqual(faultCodes.map(String).sort());
});
