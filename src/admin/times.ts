import { Problem } from '../server/json-routes.ts';

/** Reads a time of a query, as UTC in the form of the journal. Throws a `Problem`. */
export function timeIn(name: string, written: string | undefined): string | undefined {
  if (written === undefined) return undefined;
  const time = /^\d{4}-/.test(written) ? new Date(written) : new Date(Number.NaN);
  if (!Number.isNaN(time.getTime()) && time.getUTCFullYear() >= 0 && time.getUTCFullYear() < 10_000)
    return time.toISOString();
  throw new Problem(400, `${name} in the query: expected a time such as 2026-11-27T08:00:00Z`);
}
