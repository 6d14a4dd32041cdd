import type { ActivityType } from '../../contract/enumerations.ts';
import type { Draft } from '../draft.ts';
import { updatedNow } from '../updated-now.ts';

/** An activity that a call adds to a lead (docs/behaviour-leads.md#7-activities). */
export interface NewActivity {
  readonly leadId: number;
  readonly type: ActivityType;
  /** UTC, `YYYY-MM-DDTHH:MM:SS.sssZ`. */
  readonly at: string;
  /** Not given: none. */
  readonly assetName?: string | null;
  /** The name of the campaign; not given: none. */
  readonly campaign?: string | null;
  /** In the order answered, without Lead ID, which all of them have at the end. */
  readonly attributes: readonly (readonly [name: string, value: string | null])[];
}

/** Adds an activity to a lead, which counts as an update of it. Refuses the row if there is no unused id. */
export const addActivity = (draft: Draft, activity: NewActivity): void => addActivities(draft, [activity]);

/** Adds activities, as `addActivity`; the store is asked for all ids at once. */
export function addActivities(draft: Draft, activities: readonly NewActivity[]): void {
  const ids = draft.takeIds('Activity', activities.length);
  activities.forEach((activity, index) => {
    const { leadId, type, at, assetName = null, campaign = null } = activity;
    const id = ids[index] as number;
    const attributes = [...activity.attributes, ['Lead ID', String(leadId)] as const];
    draft.put('Activity', { id, leadId, type, at, assetName, campaign, attributes });
    touchLead(draft, leadId, at);
  });
}

/** Moves the time of a lead's last update to `now`, but never back. */
export function touchLead(draft: Draft, leadId: number, now: string): void {
  const lead = draft.record('Lead', leadId);
  if (lead === undefined) return;
  const updatedAt = updatedNow(lead, now);
  if (updatedAt !== lead.updatedAt) draft.put('Lead', { ...lead, updatedAt });
}
