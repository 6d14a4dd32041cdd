import type { Message } from '../../contract/messages.ts';
import type { Records } from '../../records/all.ts';
import { formatDatetime } from '../values.ts';
import { displayName } from './activity-types.ts';

export type AnsweredActivity = Records['Activity'];

export interface ActivityMessageOptions {
  /** IANA name of the zone whose offset times carry. */
  readonly timeZone: string;
  /** The major API version of the call. */
  readonly version: number;
}

/** Returns an activity as getLeadActivity answers it (docs/behaviour-leads.md#activities-in-answers). */
export const activityMessage = (
  activity: AnsweredActivity,
  options: ActivityMessageOptions,
): Message<'ActivityRecord'> => ({
  ...common(activity, options),
  campaign: activity.campaign ?? '',
  personName: null,
  mktPersonId: String(activity.leadId),
  foreignSysId: null,
  orgName: null,
  foreignSysOrgId: null,
});

/** Returns an activity as getLeadChanges answers it. */
export const changeMessage = (
  activity: AnsweredActivity,
  options: ActivityMessageOptions,
): Message<'LeadChangeRecord'> => ({
  ...common(activity, options),
  ...(activity.campaign === null ? {} : { campaign: activity.campaign }),
  mktPersonId: String(activity.leadId),
});

const common = (
  { id, at, type, assetName, attributes }: AnsweredActivity,
  { timeZone, version }: ActivityMessageOptions,
) => ({
  id: BigInt(id),
  ...(version < 3 ? {} : { marketoGUID: String(id) }),
  activityDateTime: formatDatetime(at, timeZone),
  activityType: displayName(type),
  mktgAssetName: assetName ?? '',
  activityAttributes: {
    attribute: attributes.map(([attrName, value]) => ({
      attrName,
      attrType: null,
      attrValue: value ?? '',
    })),
  },
});
