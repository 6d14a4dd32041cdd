/** Carries out work one at a time, in the order of the calls. */
export type Turns = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** Creates a queue of its own. */
export function createTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const done = last.then(work);
    // Whoever comes next waits for the end, not for success.
    last = done.catch(() => {});
    return done;
  };
}
