import type { ActivityBackend } from '../backend.ts';
import { leadNotFound } from '../rules/leads/lead-key.ts';
import type { Objects } from '../store/store.ts';
import { leadsOfSet } from './activity-leads.ts';
import { createActivityPages } from './activity-pages.ts';
import { findLeads } from './find-leads.ts';

/** Returns the activities of this server's store. Serves all calls, as it remembers counts from one page to the next. */
export function createActivityBackend(store: Pick<Objects, 'list' | 'count'>): ActivityBackend {
  const pages = createActivityPages(store);
  return {
    async activities(query) {
      const { leads } = query;
      if (leads === undefined) return pages(query, undefined);
      if ('kind' in leads) return pages(query, await leadsOfSet(store, leads));
      const [newest] = await findLeads(store, leads.newest, 1);
      if (newest === undefined) throw leadNotFound(leads.newest);
      return pages(query, { ids: [newest.id] });
    },
  };
}
