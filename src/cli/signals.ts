/**
 * Ends the process with status 0 once `stop` has finished what was begun, when SIGTERM or SIGINT comes; with
 * status 1 when it fails, or at once when the signal comes again.
 */
export function stopOnSignal(stop: () => Promise<void>): void {
  let stopping = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (stopping) process.exit(1);
      stopping = true;
      stop().then(
        () => process.exit(0),
        (error: Error) => {
          process.stderr.write(`mktows: could not stop in order: ${error.message}\n`);
          process.exit(1);
        },
      );
    });
  }
}
