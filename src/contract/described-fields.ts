/**
 * The metadata of ActivityRecord and LeadRecord for describeMObject (docs/behaviour.md#describemobject). Fields of
 * the other types are in `fields.ts`.
 */
import type { DataType } from './fields.ts';

/** A field of ActivityRecord: read-only, and never dynamic (docs/behaviour.md#activityrecord). */
export interface ActivityField {
  readonly name: string;
  readonly sourceObject: 'Event' | 'Campaign' | 'Lead' | 'Company';
  readonly dataType: 'integer' | 'string' | 'dateTime' | 'Array';
  readonly size: number | null;
  readonly description: string;
  readonly isName: boolean;
  readonly isPrimaryKey: boolean;
}

function activity(
  name: string,
  sourceObject: ActivityField['sourceObject'],
  dataType: ActivityField['dataType'],
  size: number | null,
  description: string,
): ActivityField {
  return {
    name,
    sourceObject,
    dataType,
    size,
    description,
    isName: name === 'activityType',
    isPrimaryKey: name === 'id',
  };
}

/**
 * The fields of ActivityRecord in Marketo's order, which is not alphabetical (docs/behaviour.md#activityrecord).
 */
export const activityFields: readonly ActivityField[] = [
  activity('id', 'Event', 'integer', 10, 'Unique system id of Event'),
  activity('activityDateTime', 'Event', 'dateTime', null, 'Event timestamp'),
  activity('activityType', 'Event', 'string', 255, 'Name of Event'),
  activity('mktgAssetName', 'Event', 'string', 255, 'Name of email, landing page, or object field'),
  activity(
    'activityAttributes',
    'Event',
    'Array',
    null,
    'Array of name / value pairs of dynamic event attributes',
  ),
  activity('campaign', 'Campaign', 'string', 255, 'Name of Campaign that caused the Event'),
  activity('personName', 'Lead', 'string', 255, 'Name of Lead that owns the Event'),
  activity('mktPersonId', 'Lead', 'integer', 10, 'Unique system id of Lead'),
  activity('foreignSysId', 'Lead', 'string', 50, 'Unique foreign system id of Lead'),
  activity('orgName', 'Company', 'string', 255, 'Name of Company associated to the Lead'),
  activity('foreignSysOrgId', 'Company', 'string', 50, 'Unique foreign system id of Company'),
];

/** A standard field of LeadRecord (docs/behaviour.md#leadrecord). */
export interface LeadField {
  readonly name: string;
  readonly displayName: string;
  readonly sourceObject: 'Lead' | 'LeadInterest' | 'Company';
  readonly dataType: DataType;
  readonly size: number | null;
  readonly isUpdateBlocked: boolean;
}

/** A standard field whose name and data type are part of its type, for the types of the client. */
interface TypedLeadField<Name extends string, Kind extends DataType> extends LeadField {
  readonly name: Name;
  readonly dataType: Kind;
}

function lead<const Name extends string, const Kind extends DataType>(
  name: Name,
  displayName: string,
  sourceObject: LeadField['sourceObject'],
  dataType: Kind,
  size: number | null = null,
  isUpdateBlocked = false,
): TypedLeadField<Name, Kind> {
  return { name, displayName, sourceObject, dataType, size, isUpdateBlocked };
}

/**
 * The standard fields of LeadRecord, sorted without regard to case. Where two published captures list different
 * fields, the later one counts: PostalCode is one word, and the fields of a Data.com connection are missing
 * (docs/behaviour.md#leadrecord).
 */
export const leadFields = [
  lead('Address', 'Address', 'Lead', 'text', 2000),
  lead('AnnualRevenue', 'Annual Revenue', 'Company', 'currency'),
  lead('AnonymousIP', 'Anonymous IP', 'Lead', 'string', 255),
  lead('BillingCity', 'Billing City', 'Company', 'string', 255),
  lead('BillingCountry', 'Billing Country', 'Company', 'string', 255),
  lead('BillingPostalCode', 'Billing Postal Code', 'Company', 'string', 255),
  lead('BillingState', 'Billing State', 'Company', 'string', 255),
  lead('BillingStreet', 'Billing Address', 'Company', 'text', 2000),
  lead('City', 'City', 'Lead', 'string', 255),
  lead('Company', 'Company Name', 'Company', 'string', 255),
  lead('Country', 'Country', 'Lead', 'string', 255),
  lead('DateofBirth', 'Date of Birth', 'Lead', 'date'),
  lead('Department', 'Department', 'Lead', 'string', 255),
  lead('DoNotCall', 'Do Not Call', 'Lead', 'boolean'),
  lead('DoNotCallReason', 'Do Not Call Reason', 'Lead', 'string', 2000),
  lead('Email', 'Email Address', 'Lead', 'email', 255),
  lead('Fax', 'Fax Number', 'Lead', 'phone', 255),
  lead('FirstName', 'First Name', 'Lead', 'string', 255),
  lead('Industry', 'Industry', 'Company', 'string', 255),
  lead('InferredCompany', 'Inferred Company', 'Lead', 'string', 255),
  lead('InferredCountry', 'Inferred Country', 'Lead', 'string', 255),
  lead('LastName', 'Last Name', 'Lead', 'string', 255),
  lead('LeadRole', 'Role', 'LeadInterest', 'string', 50),
  lead('LeadScore', 'Lead Score', 'LeadInterest', 'integer'),
  lead('LeadSource', 'Lead Source', 'LeadInterest', 'string', 255, true),
  lead('LeadStatus', 'Lead Status', 'LeadInterest', 'string', 255),
  lead('MainPhone', 'Main Phone', 'Company', 'string', 255),
  lead('MiddleName', 'Middle Name', 'Lead', 'string', 255),
  lead('MobilePhone', 'Mobile Phone Number', 'Lead', 'phone', 255),
  lead('NumberOfEmployees', 'Num Employees', 'Company', 'integer'),
  lead('Phone', 'Phone Number', 'Lead', 'phone', 255),
  lead('PostalCode', 'Postal Code', 'Lead', 'string', 255),
  lead('Rating', 'Lead Rating', 'LeadInterest', 'string', 255),
  lead('Salutation', 'Salutation', 'Lead', 'string', 255),
  lead('SICCode', 'SIC Code', 'Company', 'string', 40),
  lead('Site', 'Site', 'Company', 'string', 255),
  lead('State', 'State', 'Lead', 'string', 255),
  lead('Title', 'Job Title', 'Lead', 'string', 255),
  lead('Unsubscribed', 'Unsubscribed', 'Lead', 'boolean'),
  lead('UnsubscribedReason', 'Unsubscribed Reason', 'Lead', 'string', 2000),
  lead('Website', 'Website', 'Company', 'url', 255),
] as const satisfies readonly LeadField[];
