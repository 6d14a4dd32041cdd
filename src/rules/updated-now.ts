/**
 * Returns the update time of an object that changes now: `now`, but never earlier than the previous update, even if
 * the clock was set back. `now`: UTC, `YYYY-MM-DDTHH:MM:SS.sssZ`.
 */
export const updatedNow = (before: { readonly updatedAt: string }, now: string): string =>
  before.updatedAt > now ? before.updatedAt : now;
