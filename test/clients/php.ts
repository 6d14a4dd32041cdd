import { execFile, execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import type { TestServer } from '../server/test-server.ts';
import { SECRET, USER_ID } from './seeded-server.ts';

const run = promisify(execFile);

/** Why tests with PHP cannot run on this machine; undefined if they can. */
export const phpMissing: string | undefined = (() => {
  try {
    const modules = execFileSync('php', ['-m'], { encoding: 'utf8' });
    return /^soap$/im.test(modules) ? undefined : 'PHP has no SOAP extension (apt-get install php-soap)';
  } catch {
    return 'PHP is not installed (apt-get install php-cli php-soap)';
  }
})();

if (phpMissing !== undefined) {
  if (process.env.CI) throw new Error(phpMissing);
  console.warn(`Tests with PHP are skipped: ${phpMissing}`);
}

/** Runs PHP source (with its opening tag) without a php.ini, and resolves to what it prints. */
export async function runPhp(source: string): Promise<string> {
  const process = run('php', ['-n', ...extensions], {
    encoding: 'utf8',
    timeout: 30_000,
    maxBuffer: 2 ** 26,
  });
  process.child.stdin?.end(source);
  return (await process).stdout;
}

const extensions = ['-d', 'extension=soap', '-d', 'display_errors=stderr', '-d', 'soap.wsdl_cache_enabled=0'];

/** The text of a file beside this one. */
export const phpFile = (name: string): string =>
  readFileSync(new URL(`./php/${name}`, import.meta.url), 'utf8');

/**
 * Runs a script of the folder beside this file behind `client.php`, and resolves to the JSON that it prints. The
 * script finds `data` in the variable of that name, objects as stdClass.
 */
export async function runScript(name: string, server: TestServer, data: unknown = null): Promise<unknown> {
  const prelude = phpFile('client.php')
    .replace('ENDPOINT', server.endpoint)
    .replace("'USER'", `'${USER_ID}'`)
    .replace("'SECRET'", `'${SECRET}'`);
  const encoded = Buffer.from(JSON.stringify(data)).toString('base64');
  const given = `$data = json_decode(base64_decode('${encoded}'), false, 512, JSON_THROW_ON_ERROR);`;
  return JSON.parse(await runPhp(`${prelude}${given}\n${phpFile(name).replace('<?php', '')}`));
}
