import { type ActivityType, enumerations } from '../../contract/enumerations.ts';
import { foldName } from '../schema.ts';

/** Names that answers show and that are not those of the enumeration with blanks (docs/behaviour-leads.md#7-activities). */
const ownNames: Partial<Record<ActivityType, string>> = {
  AddToList: 'Add to List',
  RemoveFromList: 'Remove from List',
  AddtoSFDCCampaign: 'Add to SFDC Campaign',
  RemoveFromSFDCCampaign: 'Remove from SFDC Campaign',
  RemoveFromFlow: 'Remove from Flow',
  AssocWithOpprtntyInSales: 'Assoc with Opprtnty in Sales',
  DissocFromOpprtntyInSales: 'Dissoc from Opprtnty in Sales',
  PushLeadToSales: 'Push Lead to Sales',
  PushLeadUpdatesToSales: 'Push Lead Updates to Sales',
  DeleteLeadFromSales: 'Delete Lead from Sales',
};

/** Returns the name of a type as answers show it: `NewLead` → `New Lead`. */
export function displayName(type: string): string {
  return (
    ownNames[type as ActivityType] ?? type.replaceAll(/(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, ' ')
  );
}

/** The types of which this server makes activities. */
export const madeTypes: readonly ActivityType[] = [
  'NewLead',
  'ChangeDataValue',
  'AddToList',
  'RemoveFromList',
  'MergeLeads',
  'RequestCampaign',
];

/** Types of earlier API versions, which clients made from their WSDL can name. Of these, too, there are no activities. */
const earlierTypes = ['RegisterForEvent', 'AttendEvent', 'EnrichWithJigsaw'] as const;

/** A type of activities that a filter can name. */
export type NamedType = ActivityType | (typeof earlierTypes)[number];

const byName = new Map<string, NamedType>(
  [...enumerations.ActivityType, ...earlierTypes].flatMap((type) => [
    [foldName(type), type],
    [foldName(displayName(type)), type],
  ]),
);
const byDisplayName = new Map(enumerations.ActivityType.map((type) => [foldName(displayName(type)), type]));

/** Returns the type of a name, in the enumeration's spelling or as shown, without case. */
export const typeNamed = (name: string): NamedType | undefined => byName.get(foldName(name));

/** Returns the type that is shown under a name, without case. */
export const typeShownAs = (name: string): ActivityType | undefined => byDisplayName.get(foldName(name));
