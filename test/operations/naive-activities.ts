import type { ActivityQuery } from '../../src/backend.ts';
import type { Records } from '../../src/records/all.ts';

/** Returns a page by a look at every activity. `leads`: undefined: all. */
export function naivePage(
  all: readonly Records['Activity'][],
  { types, window, descending, after, skip, limit }: Omit<ActivityQuery, 'leads'>,
  leads: ReadonlySet<number> | undefined,
): { ids: number[]; remaining: number } {
  const found = all
    .filter(({ leadId }) => leads === undefined || leads.has(leadId))
    .filter(({ type }) => types === undefined || (types as readonly string[]).includes(type))
    .filter(({ at }) => at >= (window.from ?? '') && at <= (window.to ?? '9'))
    .map(({ id }) => id)
    .sort((a, b) => (descending ? b - a : a - b))
    .filter((id) => after === undefined || (descending ? id < after : id > after))
    .slice(skip);
  return { ids: found.slice(0, limit), remaining: Math.max(0, found.length - limit) };
}
