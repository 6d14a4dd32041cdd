import { printable } from '../server/printable.ts';

/** The exit status if standard output could not be written. */
const NOT_WRITTEN = 2;

/** The status that shells report for a program killed by SIGPIPE. */
const NO_READER = 128 + 13;

let failed = endProcess;

/**
 * Ends the process if standard output cannot be written: silently if the reader has gone, as with `… | head`,
 * otherwise with an error message.
 */
export function exitOnOutputError(): void {
  process.stdout.on('error', (error) => failed(error));
  // There is no other place to report it.
  process.stderr.on('error', () => {});
}

/** Keeps the process running if standard output cannot be written. For servers, which print only their first lines. */
export function continueWithoutOutput(report: (error: Error) => void): void {
  failed = report;
}

function endProcess({ code, message }: NodeJS.ErrnoException): void {
  if (code === 'EPIPE') process.exit(NO_READER);
  process.stderr.write(`mktows: cannot write to standard output: ${message}\n`);
  process.exit(NOT_WRITTEN);
}

/** Prints columns to standard output as one line, separated by tabs. Escapes control characters in them. */
export function printLine(...columns: readonly unknown[]): void {
  process.stdout.write(`${columns.map((column) => printable(String(column))).join('\t')}\n`);
}
