import { belongsTo, integer, json, nullable, text, time } from './column.ts';
import { recordType } from './declare.ts';

/**
 * What the server did with a lead; only added, but that those of the losers of a merge move to the winner. `type`: of
 * ActivityType. `attributes`: name and value, in the order answered.
 */
export const activity = recordType({
  name: 'Activity',
  table: 'activity',
  section: 'activities',
  inFile: false,
  columns: {
    leadId: belongsTo('Lead'),
    type: text,
    at: time,
    assetName: nullable(text),
    campaign: nullable(text),
    attributes: json<readonly (readonly [name: string, value: string | null])[]>(),
  },
  lookups: { lead: { columns: ['leadId'], lock: [] } },
  parts: {},
  readLock: 'exclusive',
  idsInCommitOrder: true,
});

/** The activities of a merged lead, `fromId`, that have yet to move to the winner: they can be very many. */
export const activityMove = recordType({
  name: 'ActivityMove',
  table: 'activity_move',
  section: 'activityMoves',
  inFile: false,
  columns: { leadId: belongsTo('Lead'), fromId: integer },
  lookups: { lead: { columns: ['leadId'], lock: [] } },
  parts: {},
  readLock: 'exclusive',
});
