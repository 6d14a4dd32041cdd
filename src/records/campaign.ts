import { belongsTo, folded, json, nullable, reference, text, time } from './column.ts';
import { recordType } from './declare.ts';

/** A smart campaign, of a program or of none. `kind`: trigger or batch. `sources`: those that may request it. */
export const campaign = recordType({
  name: 'Campaign',
  table: 'campaign',
  section: 'campaigns',
  inFile: 'nested',
  columns: {
    name: text,
    nameKey: folded('name'),
    programId: reference('Program'),
    kind: text,
    sources: json<readonly string[]>(),
    description: nullable(text),
  },
  lookups: { name: { columns: ['nameKey'] }, program: { columns: ['programId'] } },
  parts: {},
  readLock: 'shared',
});

/**
 * A call that requested or scheduled a campaign; nothing runs. `kind`: request or schedule. `runAt`: of a schedule.
 * `tokens`: name and value, in the order sent.
 */
export const campaignRun = recordType({
  name: 'CampaignRun',
  table: 'campaign_run',
  section: 'campaignRuns',
  inFile: false,
  columns: {
    campaignId: belongsTo('Campaign'),
    kind: text,
    at: time,
    runAt: nullable(time),
    source: nullable(text),
    leadIds: json<readonly number[]>(),
    tokens: json<readonly (readonly [name: string, value: string])[]>(),
  },
  lookups: { campaign: { columns: ['campaignId'], lock: [] } },
  parts: {},
  readLock: 'exclusive',
});
