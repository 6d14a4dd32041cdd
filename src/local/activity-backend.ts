import type { ActivityBackend, ActivityQuery, FoundActivities } from '../backend.ts';
import { leadNotFound } from '../rules/leads/lead-key.ts';
import { areActivitiesMoving, moveActivities } from '../store/move-activities.ts';
import type { Objects } from '../store/store.ts';
import { leadsOfSet } from './activity-leads.ts';
import { createActivityPages } from './activity-pages.ts';
import { findLeads } from './find-leads.ts';

/** Returns the activities of this server's store. Serves all calls, as it remembers counts from one page to the next. */
export function createActivityBackend(store: Pick<Objects, 'list' | 'count' | 'apply'>): ActivityBackend {
  const pages = createActivityPages(store);

  async function read(query: ActivityQuery): Promise<FoundActivities> {
    const { leads } = query;
    if (leads === undefined) return pages(query, undefined);
    if ('kind' in leads) return pages(query, await leadsOfSet(store, leads));
    const [newest] = await findLeads(store, leads.newest, 1);
    if (newest === undefined) throw leadNotFound(leads.newest);
    return pages(query, { ids: [newest.id] });
  }

  return {
    async activities(query) {
      for (;;) {
        await moveActivities(store);
        const found = await read(query);
        // Leads merged meanwhile have their activities with the winner in part.
        if (!(await areActivitiesMoving(store))) return found;
      }
    },
  };
}
