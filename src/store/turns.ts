/** Runs work one at a time, in the order of the calls. */
export type Turns = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** Creates a queue. Work that fails does not keep the next from running. */
export function createTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const done = last.then(work);
    last = done.catch(() => {});
    return done;
  };
}
