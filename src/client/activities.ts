import type { ActivityType } from '../contract/enumerations.ts';
import type { Message, Received } from '../contract/messages.ts';
import type { Call, CallOptions } from './call.ts';
import { readAttributes } from './custom-objects.ts';
import { understood } from './in-parts.ts';
import type { LeadKey, LeadSelector } from './lead-objects.ts';
import { checkPage, pages } from './pages.ts';
import { readDate } from './read-objects.ts';
import { writeLeadKey, writeSelector, writeTime } from './write-leads.ts';

/** A place among activities, as a page has it. It can be kept as JSON. */
export interface ActivityPosition {
  readonly oldestCreatedAt: string | null;
  readonly latestCreatedAt: string | null;
  readonly activityCreatedAt: string | null;
  readonly offset: string;
}

/** The activities to find. */
export interface ActivityQuery {
  /** Only activities of these types; not together with `excludeTypes`. */
  readonly includeTypes?: readonly ActivityType[] | undefined;
  readonly excludeTypes?: readonly ActivityType[] | undefined;
  /** Inclusive. */
  readonly oldestCreatedAt?: Date | string | undefined;
  /** Inclusive. */
  readonly latestCreatedAt?: Date | string | undefined;
  /** Activities per page; maximum and default: 100 of a lead, 1,000 of all. */
  readonly batchSize?: number | undefined;
  /** The place where an earlier search ended. It has that search's times. */
  readonly position?: ActivityPosition | undefined;
}

/** The changes to find: from a time, or from where an earlier search ended. */
export type LeadChangeQuery = ActivityQuery & {
  /** Only activities with these display names, such as `Change Data Value`. */
  readonly activityNames?: readonly string[] | undefined;
  /** Only those of these leads; default: all leads. At most 100 keys. */
  readonly leads?: LeadSelector | undefined;
} & ({ readonly oldestCreatedAt: Date | string } | { readonly position: ActivityPosition });

/** Something that happened to a lead. */
export interface LeadChange {
  readonly id: number;
  readonly activityDateTime: Date;
  /** The display name: `Change Data Value`. */
  readonly activityType: string;
  readonly assetName: string | null;
  /** Text by name: `Old Value`, `New Value`, … */
  readonly attributes: Readonly<Record<string, string>>;
  readonly campaign: string | null;
  readonly leadId: number;
}

/** Something that happened to a lead, with its names elsewhere. */
export interface LeadActivity extends LeadChange {
  readonly personName: string | null;
  readonly foreignSysId: string | null;
  readonly orgName: string | null;
  readonly foreignSysOrgId: string | null;
}

/** Activities that were found. */
export interface ActivityPage<Activity extends LeadChange = LeadActivity> {
  readonly activities: readonly Activity[];
  /** Number of activities on the pages that follow. */
  readonly remaining: number;
  /** Continues behind this page, also later. Behind the last page of `getLeadChanges`, it finds what came since. */
  readonly position: ActivityPosition;
}

/** The methods for activities. */
export interface ActivityMethods {
  /** Finds the activities of a lead, the newest first, page by page. Each page is fetched when it is asked for. */
  getLeadActivity(
    key: LeadKey,
    query?: ActivityQuery,
    options?: CallOptions,
  ): AsyncIterableIterator<ActivityPage>;

  /**
   * Finds the activities of all leads or of some, the oldest first, page by page. Keep the `position` of the last page
   * to ask for what came since.
   *
   *     for await (const { activities, position } of client.getLeadChanges({ oldestCreatedAt: '2026-01-01' })) …
   */
  getLeadChanges(
    query: LeadChangeQuery,
    options?: CallOptions,
  ): AsyncIterableIterator<ActivityPage<LeadChange>>;
}

/** Creates the methods for activities. */
export const activityMethods = (call: Call): ActivityMethods => ({
  getLeadActivity(key, query = {}, options) {
    const params = { leadKey: writeLeadKey(key), ...writeFilters(query) };
    return pages(
      async (position: Message<'StreamPosition'> | undefined) => {
        const start = position === undefined ? {} : { startPosition: position };
        const { leadActivityList } = await call('getLeadActivity', { ...params, ...start }, options);
        return understood('getLeadActivity', () => readActivities(leadActivityList));
      },
      writeStart(query),
      next,
    );
  },

  getLeadChanges(query, options) {
    const { activityNames, leads } = query;
    const params = {
      ...writeFilters(query),
      ...(activityNames === undefined ? {} : { activityNameFilter: { stringItem: [...activityNames] } }),
      ...(leads === undefined ? {} : { leadSelector: writeSelector(leads) }),
    };
    return pages(
      async (startPosition: Message<'StreamPosition'> = {}) => {
        const { result } = await call('getLeadChanges', { startPosition, ...params }, options);
        return understood('getLeadChanges', () => readChanges(result));
      },
      writeStart(query),
      next,
    );
  },
});

const next = ({ remaining, position }: ActivityPage<LeadChange>) =>
  remaining > 0 ? { ...position } : undefined;

function writeFilters({ includeTypes, excludeTypes, batchSize }: ActivityQuery) {
  const include = includeTypes && { includeTypes: { activityType: [...includeTypes] } };
  const exclude = excludeTypes && { excludeTypes: { activityType: [...excludeTypes] } };
  return {
    ...(include || exclude ? { activityFilter: { ...include, ...exclude } } : {}),
    ...(batchSize === undefined ? {} : { batchSize }),
  };
}

function writeStart({
  position,
  oldestCreatedAt,
  latestCreatedAt,
}: ActivityQuery): Message<'StreamPosition'> | undefined {
  if (position !== undefined) return { ...position };
  if (oldestCreatedAt === undefined && latestCreatedAt === undefined) return undefined;
  return {
    ...(latestCreatedAt && { latestCreatedAt: writeTime(latestCreatedAt, 'latestCreatedAt') }),
    ...(oldestCreatedAt && { oldestCreatedAt: writeTime(oldestCreatedAt, 'oldestCreatedAt') }),
  };
}

function readActivities(list: Received<'LeadActivityList'> = {}): ActivityPage {
  const activities = (list.activityRecordList?.activityRecord ?? []).map((record) => ({
    ...readChange(record),
    personName: record.personName ?? null,
    foreignSysId: record.foreignSysId ?? null,
    orgName: record.orgName ?? null,
    foreignSysOrgId: record.foreignSysOrgId ?? null,
  }));
  return pageOf(activities, list);
}

const readChanges = (result: Received<'ResultGetLeadChanges'> = {}): ActivityPage<LeadChange> =>
  pageOf((result.leadChangeRecordList?.leadChangeRecord ?? []).map(readChange), result);

function readChange(record: Received<'LeadChangeRecord'> | Received<'ActivityRecord'>): LeadChange {
  const { id, activityDateTime, activityType = '', mktgAssetName, activityAttributes, campaign } = record;
  const at = readDate(activityDateTime);
  if (id === undefined || at === null) throw new Error('an activity in it has no id or no time');
  return {
    id: Number(id),
    activityDateTime: at,
    activityType,
    assetName: mktgAssetName || null,
    attributes: readAttributes(activityAttributes),
    campaign: campaign || null,
    leadId: Number(record.mktPersonId),
  };
}

function pageOf<Activity extends LeadChange>(
  activities: readonly Activity[],
  {
    remainingCount: remaining = 0,
    newStartPosition,
  }: { readonly remainingCount?: number; readonly newStartPosition?: Received<'StreamPosition'> },
): ActivityPage<Activity> {
  const { latestCreatedAt, oldestCreatedAt, activityCreatedAt, offset } = newStartPosition ?? {};
  const position = {
    oldestCreatedAt: oldestCreatedAt ?? null,
    latestCreatedAt: latestCreatedAt ?? null,
    activityCreatedAt: activityCreatedAt ?? null,
    offset: offset ?? '',
  };
  checkPage(remaining, activities.length, position.offset);
  return { activities, remaining, position };
}
