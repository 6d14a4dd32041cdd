import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
const compiler = join(dirname(require.resolve('typescript/package.json')), 'bin/tsc');

/** Compiles a project in this folder; throws, with what the compiler printed, if that fails. */
export function compile(folder: string, project: string): void {
  execFileSync(process.execPath, [compiler, '--project', join(folder, project)], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}

let servers: string | undefined;

/** The folder of the targets' servers, compiled as mktows is for its package: stripping types takes time and memory. */
export function compiledServers(): string {
  if (servers === undefined) {
    const root = join(import.meta.dirname, '..');
    compile(root, 'tsconfig.bench.json');
    servers = join(root, 'dist/bench/bench/servers');
  }
  return servers;
}
