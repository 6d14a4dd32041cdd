import { printable } from '../server/printable.ts';

/** The exit status of a command whose output could not be written. */
const NOT_WRITTEN = 2;

/** As shells report a program that SIGPIPE ended. */
const NO_READER = 128 + 13;

let failed = endProcess;

/**
 * Ends the process when its standard output cannot be written: quietly when the reader has gone, as of `… | head`,
 * else with a line that says why.
 */
export function endWithOutput(): void {
  process.stdout.on('error', (error) => failed(error));
  // There is nowhere to say it.
  process.stderr.on('error', () => {});
}

/** Goes on without standard output when it cannot be written: for servers, which print their first lines only. */
export function goOnWithoutOutput(report: (error: Error) => void): void {
  failed = report;
}

function endProcess({ code, message }: NodeJS.ErrnoException): void {
  if (code === 'EPIPE') process.exit(NO_READER);
  process.stderr.write(`mktows: cannot write to standard output: ${message}\n`);
  process.exit(NOT_WRITTEN);
}

/** Prints a line to standard output in which names and paths may come from anyone; tabs separate its columns. */
export function printLine(...columns: readonly unknown[]): void {
  process.stdout.write(`${columns.map((column) => printable(String(column))).join('\t')}\n`);
}
