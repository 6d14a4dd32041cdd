import type { ActivityQuery, Backend } from '../backend.ts';
import { SoapFault } from '../contract/faults.ts';
import { changeMessage } from '../rules/activities/activity-message.ts';
import {
  narrowest,
  nextPosition,
  type TimeWindow,
  windowOfSeconds,
} from '../rules/activities/activity-position.ts';
import { readActivityQuery } from './activity-query.ts';
import { refusalsAreFaults } from './coded-faults.ts';
import { KEYS_AT_MOST, type NamedLeads, readLeadSelector } from './lead-selector.ts';
import { type Operation, readOutcome } from './operation.ts';
import { refuseUnreadable } from './unreadable.ts';

/** Activities per page: the default, and the most. */
const PAGE_SIZE = 1000;

/**
 * getLeadChanges: the activities of all leads, or of those of a selector, in the order of their ids
 * (docs/behaviour-leads.md#7-activities). Faults: 20109 without a startPosition, 20107 for an unknown type, 20110 for
 * invalid parts, 20102 for an unknown key type, 20111 for an unknown list, 20122 for a bad offset.
 */
export const getLeadChanges: Operation<'getLeadChanges'> = (call, { backend, settings, version = 2 }) =>
  refusalsAreFaults(async () => {
    const { params, unreadable } = call;
    const { startPosition, leadSelector } = params;
    if (startPosition === undefined || Object.keys(startPosition).length === 0) {
      throw new SoapFault(
        20109,
        'startPosition is missing or empty; expected a newStartPosition, or an oldestCreatedAt or an offset to begin with',
      );
    }
    const query = readActivityQuery(call, settings, PAGE_SIZE);
    refuseUnreadable({ params: { ...params, activityFilter: undefined }, unreadable });
    const { timeZone } = settings;
    const named = leadSelector && readLeadSelector(leadSelector, unreadable, timeZone);
    const selected = named === undefined ? {} : await selectedBy(named, query.window, backend);
    const found = await backend.activities({ ...query, ...selected, descending: false });
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

/** Returns what a selector adds to the query: its leads, or the narrower window. Throws fault 20110 for too many keys. */
async function selectedBy(
  named: NamedLeads,
  window: TimeWindow,
  backend: Backend,
): Promise<Partial<Pick<ActivityQuery, 'leads' | 'window'>>> {
  switch (named.kind) {
    case 'updated':
      return { window: narrowest(window, windowOfSeconds(named.oldest, named.latest)) };
    case 'list':
      return { leads: { kind: 'list', listId: await backend.staticListId(named.list) } };
    case 'keys':
      if (named.sent <= KEYS_AT_MOST) return { leads: { kind: 'keys', keys: named.keys } };
      throw new SoapFault(
        20110,
        `leadSelector has ${named.sent} keyValues; expected at most ${KEYS_AT_MOST}`,
      );
  }
}
