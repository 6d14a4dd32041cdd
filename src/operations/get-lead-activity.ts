import { activityMessage } from '../rules/activities/activity-message.ts';
import { nextPosition } from '../rules/activities/activity-position.ts';
import { readLeadKey } from '../rules/leads/lead-key.ts';
import { formatDatetime } from '../rules/values.ts';
import { readActivityQuery } from './activity-query.ts';
import { refusalsAreFaults } from './coded-faults.ts';
import { type Operation, readOutcome } from './operation.ts';
import { refuseUnreadable } from './unreadable.ts';

/** Activities per page: the default, and the most. */
const PAGE_SIZE = 100;

/**
 * getLeadActivity: the activities of one lead, newest first (docs/behaviour-leads.md#7-activities). Faults: 20101,
 * 20102, 20103 and 20108 for the key, 20107 for an unknown type, 20110 for invalid parts, 20122 for a bad offset.
 */
export const getLeadActivity: Operation<'getLeadActivity'> = (
  call,
  { backend, settings, now, version = 2 },
) =>
  refusalsAreFaults(async () => {
    const { params, unreadable } = call;
    const key = readLeadKey(params.leadKey, unreadable);
    const query = readActivityQuery(call, settings, PAGE_SIZE);
    refuseUnreadable({ params: { ...params, activityFilter: undefined }, unreadable });
    const found = await backend.activities({ ...query, leads: { newest: key }, descending: true });
    const { timeZone } = settings;
    // Marketo filled in the time of the call once a position was sent, even an empty one.
    const latest = params.startPosition?.latestCreatedAt === undefined && params.startPosition != null;
    return readOutcome(`${key.keyType}: ${found.activities.length} found`, {
      leadActivityList: {
        returnCount: found.activities.length,
        remainingCount: found.remaining,
        newStartPosition: nextPosition(
          params.startPosition,
          found.activities.at(-1)?.id,
          latest ? formatDatetime(now.toISOString(), timeZone) : null,
        ),
        activityRecordList: {
          activityRecord: found.activities.map((activity) =>
            activityMessage(activity, { timeZone, version }),
          ),
        },
      },
    });
  });
