/** The exit status of a command whose output could not be written. */
const NOT_WRITTEN = 2;

/** As shells report a program that SIGPIPE ended. */
const NO_READER = 128 + 13;

/**
 * Ends the process when its standard output cannot be written: quietly when the reader has gone, as of `… | head`,
 * else with a line that says why.
 */
export function endWithOutput(): void {
  process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE') process.exit(NO_READER);
    process.stderr.write(`mktows: cannot write to standard output: ${message}\n`);
    process.exit(NOT_WRITTEN);
  });
  // There is nowhere to say it.
  process.stderr.on('error', () => {});
}
