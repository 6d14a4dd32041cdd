/** A clock that tests can set. It runs on from where it is set. */
export interface Clock {
  /** The time that the server's records and journal get now. */
  now(): Date;
  /** Sets the time. */
  set(time: Date | string): void;
  /** Moves the time by milliseconds, forward or back. */
  advance(milliseconds: number): void;
  /** Sets the time of this machine again. */
  reset(): void;
}

export function createClock(): Clock {
  let ahead = 0;
  return {
    now: () => new Date(Date.now() + ahead),
    set(time) {
      const at = new Date(time).getTime();
      if (Number.isNaN(at)) throw new TypeError(`clock.set: "${time}" is not a time`);
      ahead = at - Date.now();
    },
    advance(milliseconds) {
      if (!Number.isFinite(milliseconds)) throw new TypeError(`clock.advance: ${milliseconds} is not a time`);
      ahead += milliseconds;
    },
    reset() {
      ahead = 0;
    },
  };
}
