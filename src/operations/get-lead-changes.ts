import { SoapFault } from '../contract/faults.ts';
import { changeMessage } from '../rules/activities/activity-message.ts';
import { nextPosition } from '../rules/activities/activity-position.ts';
import { readActivityQuery } from './activity-query.ts';
import { refusalsAreFaults } from './coded-faults.ts';
import { type Operation, readOutcome } from './operation.ts';
import { refuseUnreadable } from './unreadable.ts';

/** Activities per page: the default, and the most. */
const PAGE_SIZE = 1000;

/**
 * getLeadChanges: the activities of all leads, or of those of a selector, in the order of their ids
 * (docs/behaviour-leads.md#7-activities). Faults: 20109 without a startPosition, 20107 for an unknown type, 20110 for
 * invalid parts, 20122 for a bad offset.
 */
export const getLeadChanges: Operation<'getLeadChanges'> = (call, { backend, settings, version = 2 }) =>
  refusalsAreFaults(async () => {
    const { params, unreadable } = call;
    const { startPosition } = params;
    if (startPosition === undefined || Object.keys(startPosition).length === 0) {
      throw new SoapFault(
        20109,
        'startPosition is missing or empty; expected a newStartPosition, or an oldestCreatedAt or an offset to begin with',
      );
    }
    const query = readActivityQuery(call, settings, PAGE_SIZE);
    refuseUnreadable({ params: { ...params, activityFilter: undefined }, unreadable });
    const found = await backend.activities({ ...query, descending: false });
    const { timeZone } = settings;
    return readOutcome(`${found.activities.length} found`, {
      result: {
        returnCount: found.activities.length,
        remainingCount: found.remaining,
        newStartPosition: nextPosition(startPosition, found.activities.at(-1)?.id, null),
        leadChangeRecordList: {
          leadChangeRecord: found.activities.map((activity) =>
            changeMessage(activity, { timeZone, version }),
          ),
        },
      },
    });
  });
