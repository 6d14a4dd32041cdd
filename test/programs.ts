import { execFileSync } from 'node:child_process';

/**
 * Why tests that need a program cannot run on this machine; undefined if they can. With CI set that is an error: there
 * `.ci/run` installs what the tests need. `probe`: a command that ends with status 0 where the program is whole.
 */
export function reasonToSkip(
  probe: readonly [program: string, ...words: string[]],
  debianPackages: string,
): string | undefined {
  const [program, ...words] = probe;
  try {
    execFileSync(program, words, { stdio: 'ignore' });
    return undefined;
  } catch {
    const reason = `"${probe.join(' ')}" does not work here (apt-get install ${debianPackages})`;
    if (process.env.CI) throw new Error(reason);
    console.warn(`Tests are skipped: ${reason}`);
    return reason;
  }
}
