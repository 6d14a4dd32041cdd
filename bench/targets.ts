import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HEAP_ENVIRONMENT, HEAP_FLAGS } from '../src/cli/heap.ts';
import { compile } from './compile.ts';
import type { Format } from './work.ts';

/** A server that is measured. */
export interface Target {
  readonly name: string;
  readonly format: Format;
  /** Its entry, in `servers`, compiled. */
  readonly server: string;
  readonly store: boolean;
  /** The folder of mktows's compiled sources, where it is not this one. */
  readonly sources?: string;
  /** The module with its `makeDatabase`, where it is not this one: it may not know the form of newer databases. */
  readonly maker?: string;
  readonly nodeOptions?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** As `mktows serve` begins anew on SQLite. */
const startedAs = { nodeOptions: HEAP_FLAGS, environment: HEAP_ENVIRONMENT } as const;

/** mktows as it is now, on PostgreSQL. */
export const mktowsOnPostgres: Target = { name: 'mktows', format: 'xml', server: 'mktows.js', store: true };

/** mktows as it is now, on SQLite. */
export const mktows: Target = { ...mktowsOnPostgres, ...startedAs };

const servers = [
  mktows,
  { name: 'node-soap', format: 'xml', server: 'node-soap.js' },
  { name: 'limit', format: 'json', server: 'limit.js' },
] as const satisfies readonly Omit<Target, 'store'>[];

export const targets: readonly Target[] = [
  ...servers.map((each) => ({ ...each, store: true })),
  ...servers.map((each) => ({ ...each, name: `${each.name} without a store`, store: false })),
];

/** Only measured if they are named. */
export const otherTargets: readonly Target[] = [
  {
    ...mktows,
    name: 'mktows without journal values and bodies',
    environment: { ...HEAP_ENVIRONMENT, MKTOWS_BENCH_JOURNAL: 'off' },
  },
];

/** mktows as it was at a revision, checked out into a folder of its own, and how to remove that. */
export function baseTarget(revision: string): { readonly target: Target; remove(): void } {
  const root = join(import.meta.dirname, '..');
  const folder = join(mkdtempSync(join(tmpdir(), 'mktows-base-')), 'tree');
  const git = (...words: string[]) =>
    execFileSync('git', ['-C', root, ...words], { stdio: ['ignore', 'ignore', 'inherit'] });
  git('worktree', 'add', '--detach', folder, revision);
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  compile(folder, 'tsconfig.build.json');
  const maker = join(folder, 'bench/servers/database.ts');
  return {
    target: {
      name: `mktows at ${revision}`,
      format: 'xml',
      server: 'mktows.js',
      store: true,
      sources: join(folder, 'dist'),
      ...(existsSync(maker) ? { maker } : {}),
      ...(existsSync(join(folder, 'src/cli/heap.ts')) ? startedAs : {}),
    },
    remove: () => void git('worktree', 'remove', '--force', folder),
  };
}
