/** The most entries that are kept. */
const ENTRIES_AT_MOST = 1000;

/** A map that keeps the entries set last, 1,000 at most. */
export interface Recent<Value> {
  get(key: string): Value | undefined;
  set(key: string, value: Value): void;
}

export function createRecent<Value>(): Recent<Value> {
  const entries = new Map<string, Value>();
  return {
    get: (key) => entries.get(key),
    set(key, value) {
      // A map iterates in the order of insertion, so the entry moves to its end.
      entries.delete(key);
      entries.set(key, value);
      const [oldest] = entries.keys();
      if (entries.size > ENTRIES_AT_MOST && oldest !== undefined) entries.delete(oldest);
    },
  };
}
