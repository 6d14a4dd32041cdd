import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import {
  environmentName,
  longName,
  type OptionDeclaration,
  type OptionDeclarations,
} from '../src/cli/option.ts';
import { optionGroups } from '../src/cli/option-groups.ts';
import { commandOptions } from '../src/cli/options.ts';
import { operationNames, operations } from '../src/contract/operations.ts';

/** The tables of README.md and docs/options.md come from the code. UPDATE_README=1 writes them. */
const file = new URL('../README.md', import.meta.url);
const optionsPage = new URL('../docs/options.md', import.meta.url);
const readme = readFileSync(file, 'utf8');

function between(name: string): RegExp {
  return new RegExp(`(<!-- ${name} -->\n)[^]*?(\n<!-- end -->)`);
}

function holds(page: URL, name: string, table: readonly string[]): void {
  const wanted = table.join('\n');
  if (process.env.UPDATE_README) {
    const now = readFileSync(page, 'utf8');
    writeFileSync(
      page,
      now.replace(between(name), (_all, begin, end) => `${begin}\n${wanted}\n${end}`),
    );
    return;
  }
  expect(between(name).exec(readFileSync(page, 'utf8'))?.[0]).toContain(`\n${wanted}\n`);
}

it('has a row for each operation', () => {
  holds(file, 'operations', [
    '| operation | what it does |',
    '|---|---|',
    ...operationNames.map((name) => `| ${name} | ${operations[name].documentation} |`),
  ]);
});

it('docs/options.md has a row for each option of serve, in the words, groups and order of its help', () => {
  const declarations: OptionDeclarations = commandOptions.serve ?? {};
  const rowOf = (option: OptionDeclaration) =>
    [
      `| \`${longName(option)}\``,
      `\`${environmentName(option)}\``,
      option.default === undefined ? '' : `\`${option.default}\``,
      `${option.description.replaceAll('|', '\\|')} |`,
    ].join(' | ');
  const tables = Object.entries(optionGroups.serve).flatMap(([heading, names]) => [
    ...[`### ${heading}`, '', '| option | in the environment | default | |', '|---|---|---|---|'],
    ...names.flatMap((name) => declarations[name] ?? []).map(rowOf),
    '',
  ]);
  holds(optionsPage, 'options', tables.slice(0, -1));
});

it.each(['npm ci && npm run demo', 'npm ci && npm test'])('shows the command %s', (command) => {
  expect(readme).toContain(command);
});

it('links only to files that are there', () => {
  const links = Array.from(readme.matchAll(/\]\((?!https?:|#)([^)#]+)/g), ([, path = '']) => path);
  expect(links.length).toBeGreaterThan(3);
  for (const link of links) readFileSync(new URL(link, file));
});
