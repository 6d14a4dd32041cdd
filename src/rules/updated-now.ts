/**
 * Returns when an object that changes now was updated: `now`, but never earlier than before, whatever the clock does.
 * `now`: UTC, `YYYY-MM-DDTHH:MM:SS.sssZ`.
 */
export const updatedNow = (before: { readonly updatedAt: string }, now: string): string =>
  before.updatedAt > now ? before.updatedAt : now;
