/** Limits how often an address may fail to log in. */
export interface FailedLogins {
  /** Returns the seconds until this address may try again; 0: now. */
  waitOf(address: string): number;
  add(address: string): void;
}

/** Failures of an address within `WINDOW` milliseconds, after which it has to wait for the end of that time. */
export const MOST_FAILURES = 10;
const WINDOW = 60_000;
/** Addresses that are remembered; the oldest is forgotten first. */
const MOST_ADDRESSES = 1_000;

export function createFailedLogins(now: () => number = () => performance.now()): FailedLogins {
  const failures = new Map<string, { readonly since: number; count: number }>();

  function current(address: string) {
    const found = failures.get(address);
    return found && now() - found.since < WINDOW ? found : undefined;
  }

  return {
    waitOf(address) {
      const found = current(address);
      if (!found || found.count < MOST_FAILURES) return 0;
      return Math.ceil((found.since + WINDOW - now()) / 1000);
    },
    add(address) {
      const found = current(address);
      if (found) {
        found.count += 1;
        return;
      }
      failures.delete(address);
      failures.set(address, { since: now(), count: 1 });
      for (const oldest of failures.keys()) {
        if (failures.size <= MOST_ADDRESSES) break;
        failures.delete(oldest);
      }
    },
  };
}
