import { enumerations } from '../../src/contract/enumerations.ts';
import { leadFieldDefinitions } from '../../src/contract/lead-fields.ts';
import type { Chance } from './chance.ts';
import { fittingValue } from './sample-values.ts';

/** What the writing of a message of the lead family knows of what was written before. */
export interface LeadWriting {
  readonly chance: Chance;
  /** The type of the whole message. */
  readonly root: string;
  /** The element whose texts are being written. */
  texts: string;
  /** The key type of the lead key that is being written. */
  keyType: string;
  /** The columns of the import that is being written. */
  columns: readonly string[];
}

type Pairs = (readonly [string, string])[];

/** Leads that are seeded, and the first ones that are made. */
const leadId = (chance: Chance): string => chance.oneOf(['19', '19', String(19 + chance.number(50))]);
const email = (chance: Chance): string =>
  chance.oneOf(['lead@example.com', `e${chance.number(40)}@example.com`, shortLived(chance)]);
/** The addresses of leads that merges end, so that others stay. */
const shortLived = (chance: Chance): string => `m${chance.number(15)}@example.com`;
const cookie = (chance: Chance): string => `id:123-ABC-456&token:c${chance.number(12)}`;
const listName = (chance: Chance): string =>
  chance.oneOf(['Newsletter', 'newsletter', 'Summer event.Guests', 'Guests', 'Guests']);
const tokens = (chance: Chance): Pairs => Array.from({ length: chance.few(3) }, () => ['{{my.x}}', 'y']);

/** Texts of keys by key type. */
function keyValueOf(keyType: string, chance: Chance): string {
  switch (keyType) {
    case 'IDNUM':
      return leadId(chance);
    case 'EMAIL':
      return email(chance);
    case 'COOKIE':
      return cookie(chance);
    default:
      return chance.oneOf(['owner@example.com', '0035000000AbCdE', '0035000000AbCdEAAX']);
  }
}

const keyTypes = ['IDNUM', 'IDNUM', 'EMAIL', 'EMAIL', 'EMAIL', ...enumerations.LeadKeyRef];
const madeTypes = ['NewLead', 'ChangeDataValue', 'AddToList', 'RemoveFromList', 'MergeLeads'] as const;
const times = ['2013-01-01T00:00:00Z', '2026-11-20T00:00:00Z', '2036-01-01T00:00:00Z'];
const someTime = ({ chance }: LeadWriting) => chance.oneOf(times);

function fieldName(chance: Chance): string {
  const { name } = chance.oneOf(leadFieldDefinitions);
  return chance.happens(0.1) ? name.toLowerCase() : name;
}

/** One attribute of a lead: any standard field, some more often. */
function leadAttribute(chance: Chance): readonly [string, string] {
  if (chance.happens(0.1)) return ['Company', chance.oneOf(['ACME', 'acme', 'Other', ' ', 'Umbrella'])];
  if (chance.happens(0.05)) return chance.oneOf([['Email', email(chance)] as const, ['Id', leadId(chance)]]);
  if (chance.happens(0.03)) return [chance.oneOf(['FirstNme', 'Score']), '1'];
  if (chance.happens(0.1)) return ['FSPID', `p${chance.number(20)}`];
  const field = chance.oneOf(leadFieldDefinitions);
  return [chance.happens(0.1) ? field.name.toLowerCase() : field.name, fittingValue(field, chance)];
}

const customKeys = (chance: Chance): Pairs => [
  ['MKTOID', leadId(chance)],
  [chance.oneOf(['rid', 'rid', 'RID']), `r${chance.number(15)}`],
];

const customFields = (chance: Chance): Pairs => {
  const fields = [
    ['city', chance.oneOf(['A', 'B', ' ', ''])],
    ['seats', String(chance.number(100))],
    ['isOver', chance.oneOf(['true', '0'])],
  ] as const;
  return Array.from({ length: chance.few(3) }, () => chance.oneOf(fields));
};

const mergeKey = (chance: Chance): Pairs => [
  chance.happens(0.7) ? [chance.oneOf(['IDNUM', 'Id']), leadId(chance)] : ['EMAIL', email(chance)],
];

const loserKey = (chance: Chance): Pairs =>
  chance.happens(0.9) ? [['EMAIL', shortLived(chance)]] : mergeKey(chance);

/** The attributes of a list, by the element that it is. */
export function attributesOf(path: string, { chance, root }: LeadWriting): Pairs {
  switch (path) {
    case 'LeadRecord.leadAttributeList':
      return Array.from({ length: chance.few(5) }, () => leadAttribute(chance));
    case 'CustomObj.customObjKeyList':
      return customKeys(chance);
    case 'CustomObj.customObjAttributeList':
      return customFields(chance);
    case 'ParamsGetCustomObjects.customObjKeyList':
      return customKeys(chance).filter(() => chance.happens(0.5));
    case 'ArrayOfKeyList.keyList':
      return root === 'ParamsMergeLeads' ? loserKey(chance) : customKeys(chance);
    default:
      return mergeKey(chance);
  }
}

/** The name-value pairs of a campaign's tokens. */
export const tokensOf = ({ chance }: LeadWriting): Pairs => tokens(chance);

const columns = ['Email Address', 'First Name', 'LeadScore', 'Company', 'FirstName', '{{my.x}}'];

/** A cell of an import, in quotes where it must be. */
function cell(column: string, chance: Chance): string {
  if (column === 'Email Address') return email(chance);
  return chance.oneOf(['', '7', 'A', '"a, ""b"""', '"two\nlines"', ' padded ']);
}

const row = ({ chance, columns }: LeadWriting): string =>
  columns.map((column) => cell(column, chance)).join(',');

/** A text of a list of strings, by the element that the list is. */
export function listedText(writing: LeadWriting): string | undefined {
  const { chance } = writing;
  switch (writing.texts) {
    case 'LeadKeySelector.keyValues':
      return keyValueOf(writing.keyType, chance);
    case 'ParamsImportToList.importFileRows':
      return row(writing);
    case 'ParamsGetMultipleLeads.includeAttributes':
      return fieldName(chance);
    case 'ParamsGetCustomObjects.includeAttributes':
      return chance.oneOf(['city', 'seats', 'isOver']);
    case 'ParamsGetLeadChanges.activityNameFilter':
      return chance.oneOf(['New Lead', 'change data value', 'Add to List', 'Visit Webpage']);
    default:
      return undefined;
  }
}

/** Elements whose values make sense only together, or only with what is stored. */
export const sensibleForLeads: Readonly<Record<string, (writing: LeadWriting) => string>> = {
  'LeadKey.keyType': (writing) => {
    writing.keyType = writing.chance.oneOf(keyTypes);
    return writing.keyType;
  },
  'LeadKey.keyValue': ({ keyType, chance }) => keyValueOf(keyType, chance),
  'LeadKeySelector.keyType': (writing) => {
    writing.keyType = writing.chance.oneOf(keyTypes);
    return writing.keyType;
  },
  'LastUpdateAtSelector.oldestUpdatedAt': ({ chance }) => chance.oneOf(times.slice(0, 2)),
  'LastUpdateAtSelector.latestUpdatedAt': someTime,
  'ParamsGetMultipleLeads.lastUpdatedAt': someTime,
  'StaticListSelector.staticListName': ({ chance }) => listName(chance),
  'StaticListSelector.staticListId': ({ chance }) => chance.oneOf(['21', '22', '99']),
  'LeadRecord.Id': ({ chance }) => leadId(chance),
  'LeadRecord.Email': ({ chance }) => email(chance),
  'LeadRecord.ForeignSysPersonId': ({ chance }) => `f${chance.number(20)}`,
  'LeadRecord.id': ({ chance }) => leadId(chance),
  'LeadRecord.leadId': ({ chance }) => leadId(chance),
  'LeadRecord.email': ({ chance }) => email(chance),
  'ParamsSyncLead.marketoCookie': ({ chance }) => cookie(chance),
  'ArrayOfActivityType.activityType': ({ chance }) =>
    chance.happens(0.8) ? chance.oneOf(madeTypes) : chance.oneOf(enumerations.ActivityType),
  'StreamPosition.oldestCreatedAt': someTime,
  'StreamPosition.latestCreatedAt': someTime,
  'StreamPosition.activityCreatedAt': ({ chance }) => chance.oneOf(times.slice(0, 2)),
  'ListKey.keyType': ({ chance }) => (chance.happens(0.95) ? 'MKTOLISTNAME' : 'MKTOSALESUSERID'),
  'ListKey.keyValue': ({ chance }) => listName(chance),
  'ParamsImportToList.programName': ({ chance }) => chance.oneOf(['Summer event', 'Summer event', 'Other']),
  'ParamsImportToList.listName': ({ chance }) => chance.oneOf(['Guests', 'Guests', 'Guests', 'Newsletter']),
  'ParamsImportToList.campaignName': ({ chance }) => chance.oneOf(['', 'Blast', 'Summer event.Blast']),
  'ParamsImportToList.clearList': ({ chance }) => (chance.happens(0.2) ? 'true' : 'false'),
  'ParamsImportToList.importFileHeader': (writing) => {
    const { chance } = writing;
    writing.columns = ['Email Address', ...columns.slice(1).filter(() => chance.happens(0.3))];
    return writing.columns.join(',');
  },
  'ParamsGetImportToListStatus.programName': () => 'Summer event',
  'ParamsGetImportToListStatus.listName': () => 'Guests',
  'ParamsGetCampaignsForSource.name': ({ chance }) =>
    chance.oneOf(['', 'elc', 'Welcome', 'Summer event.Welcome']),
  'ParamsRequestCampaign.source': ({ chance }) => (chance.happens(0.9) ? 'MKTOWS' : 'SALES'),
  'ParamsRequestCampaign.campaignId': ({ chance }) => chance.oneOf(['51', '51', '51', '52', '9']),
  'ParamsRequestCampaign.campaignName': () => 'Welcome',
  'ParamsRequestCampaign.programName': () => 'Summer event',
  'ParamsScheduleCampaign.programName': () => 'Summer event',
  'ParamsScheduleCampaign.campaignName': ({ chance }) => chance.oneOf(['Blast', 'Blast', 'Welcome']),
  'ParamsScheduleCampaign.cloneToProgramName': ({ chance }) => `Copy ${chance.number(1_000)}`,
  'ParamsSyncCustomObjects.objTypeName': ({ chance }) => typeName(chance),
  'ParamsGetCustomObjects.objTypeName': ({ chance }) => typeName(chance),
  'ParamsDeleteCustomObjects.objTypeName': ({ chance }) => typeName(chance),
};

const typeName = (chance: Chance): string =>
  chance.oneOf(['Roadshow', 'Roadshow', 'ROADSHOW', 'RoadShow', 'Roadshow', 'Roadshow', 'Tour']);

/** How likely an element is that may be left out. */
export const likelyForLeads: Readonly<Record<string, number>> = {
  'LeadRecord.Id': 0.15,
  'LeadRecord.Email': 0.7,
  'LeadRecord.ForeignSysPersonId': 0.25,
  'LeadRecord.id': 0.03,
  'LeadRecord.leadId': 0.03,
  'LeadRecord.email': 0.05,
  'LeadRecord.leadAttributeList': 0.8,
  'ParamsSyncLead.marketoCookie': 0.15,
  'ParamsGetMultipleLeads.streamPosition': 0.3,
  'ParamsGetMultipleLeads.leadSelector': 0.8,
  'ParamsGetCustomObjects.streamPosition': 0.3,
  'ParamsRequestCampaign.campaignId': 0.8,
  'ParamsRequestCampaign.campaignName': 0.15,
  'ParamsRequestCampaign.programName': 0.15,
  'ParamsScheduleCampaign.cloneToProgramName': 0.1,
  'ActivityTypeFilter.includeTypes': 0.5,
  'ActivityTypeFilter.excludeTypes': 0.2,
};
