import Type, { type Static, type TProperties, type TSchema } from 'typebox';
import { enumerations } from '../contract/enumerations.ts';
import { dataTypes, MAX_ID } from '../contract/fields.ts';
import type { CompanyRecord, CostRecord, FileSection, LeadRecord, ProgramRecord } from '../records/all.ts';
import type { opportunity as declaredOpportunity } from '../records/opportunity.ts';
import type { opportunityPersonRole as declaredRole } from '../records/opportunity-role.ts';
import type { LeadKeyType } from '../rules/leads/lead-key.ts';
import { FOREIGN_ID_AT_MOST } from '../rules/leads/lead-row.ts';
import { COOKIE_AT_MOST } from '../rules/leads/sync-lead.ts';
import type { FieldOwner } from '../rules/schema.ts';

/** The key types that the keys of a lead in a CRM have. */
export type CrmKeyType = Exclude<LeadKeyType, 'IDNUM' | 'EMAIL' | 'COOKIE'>;

/** Ids are xs:int on the wire. */
const id = Type.Integer({ minimum: 1, maximum: MAX_ID });
const flag = Type.Boolean();
const text = Type.String();

const name = Type.String({
  pattern: '^\\S([^\\n\\r]*\\S)?$',
  maxLength: 255,
  description: 'a name of one line, without white space around it',
});
const datetime = Type.String({
  description: 'a date and time, ISO 8601; without an offset it is of the instance’s time zone',
});
const localTime = Type.String({
  pattern: '^\\d{4}-\\d\\d-\\d\\d( \\d\\d:\\d\\d:\\d\\d)?$',
  description: 'YYYY-MM-DD or YYYY-MM-DD HH:MM:SS',
});

/** Declares an object with arbitrary names and values of one type. */
const mapOf = <Value extends TSchema>(value: Value, description: string) =>
  Type.Unsafe<Record<string, Static<Value>>>({
    type: 'object',
    additionalProperties: value,
    description,
  });

const strict = <Properties extends TProperties>(properties: Properties, description?: string) =>
  Type.Object(properties, {
    additionalProperties: false,
    ...(description === undefined ? {} : { description }),
  });

const optional = Type.Optional;

/** The properties of a record in the file: tsc compares them with the record's declaration. */
type Of<Names extends PropertyKey> = Record<Names, TSchema>;

const attributes = mapOf(
  Type.Union([Type.String(), Type.Number(), Type.Boolean()]),
  'Values by field name, as syncMObjects takes them; an empty text is no value.',
);
const texts = mapOf(text, 'Texts by name.');
const keyTexts = mapOf(Type.String({ minLength: 1 }), 'External keys under names that are no fields.');

const dataType = Type.Enum(
  dataTypes.filter((each) => each !== 'reference'),
  { description: 'As describeMObject names it.' },
);
const field = strict({
  name,
  dataType,
  size: optional(
    Type.Union([Type.Integer({ minimum: 1 }), Type.Null()], {
      description: 'Characters, for text types; null is no limit. A string whose size is not given has 2000.',
    }),
  ),
  displayName: optional(text),
  description: optional(text),
});
const fields = optional(Type.Array(field));

const channelStatus = strict({
  status: name,
  step: Type.Integer(),
  success: flag,
  attributes: optional(mapOf(text, 'Further attributes, e.g. "Check-in Status".')),
});

const cost = strict({
  id: optional(id),
  month: Type.String({ description: 'YYYY-MM or YYYY-MM-DD; kept as the first of the month.' }),
  amount: Type.Number(),
  note: optional(text),
} satisfies Of<keyof CostRecord>);

const times = { createdAt: optional(datetime), updatedAt: optional(datetime) };

const program = strict({
  id,
  name: text,
  type: optional(Type.String({ description: 'E.g. "Marketing Event"; "Marketing Program" if not given.' })),
  channel: optional(Type.String({ description: 'One of the channels.' })),
  tags: optional(mapOf(text, 'Tag type → one of its values.')),
  tokens: optional(texts),
  costs: optional(Type.Array(cost)),
  workspaceId: optional(Type.Integer()),
  workspaceName: optional(text),
  treePath: optional(text),
  archived: optional(flag),
  startDate: optional(localTime),
  endDate: optional(localTime),
  crmId: optional(Type.String({ description: 'The id of the CRM campaign that it is linked to.' })),
  ...times,
} satisfies Of<keyof ProgramRecord>);

const company = strict({ id, name: text, externalKeys: optional(texts) } satisfies Of<keyof CompanyRecord>);

/** No longer than what calls can send. */
const foreignIdText = Type.String({ minLength: 1, maxLength: FOREIGN_ID_AT_MOST });
const cookie = Type.String({ minLength: 1, maxLength: COOKIE_AT_MOST });
const crmKey = Type.String({ minLength: 1, maxLength: 255 });
const crmKeys = optional(Type.Union([crmKey, Type.Array(crmKey)]));

const leadParts = {
  workspace: optional(Type.String({ description: 'One of the workspaces; Default if not given.' })),
  foreignIds: optional(
    Type.Array(strict({ type: Type.Enum(enumerations.ForeignSysType), id: foreignIdText }), {
      description: 'The ids of the lead in other systems, oldest first.',
    }),
  ),
  cookies: optional(Type.Array(cookie, { description: 'Munchkin cookies of the lead.' })),
  crmKeys: optional(
    strict(
      {
        LEADOWNEREMAIL: crmKeys,
        SFDCACCOUNTID: crmKeys,
        SFDCCONTACTID: crmKeys,
        SFDCLEADID: crmKeys,
        SFDCLEADOWNERID: crmKeys,
        SFDCOPPTYID: crmKeys,
      } satisfies Of<CrmKeyType>,
      'CRM keys by key type: one, or a list.',
    ),
  ),
};

const lead = strict({
  id,
  email: optional(text),
  companyId: optional(id),
  attributes: optional(attributes),
  ...leadParts,
  ...times,
} satisfies Of<Exclude<keyof LeadRecord, 'values' | 'workspaceId'> | 'attributes' | keyof typeof leadParts>);

const opportunity = strict({
  id,
  ...({ companyId: optional(id) } satisfies Of<keyof typeof declaredOpportunity.instance>),
  attributes: optional(attributes),
  externalKeys: optional(keyTexts),
  ...times,
});

const role = strict({
  id,
  ...({
    opportunityId: optional(id),
    leadId: optional(id),
    role: optional(text),
    isPrimary: optional(flag),
    externalCreatedDate: optional(datetime),
  } satisfies Of<keyof typeof declaredRole.instance>),
  attributes: optional(attributes),
  externalKeys: optional(keyTexts),
  orphan: optional(
    Type.Boolean({ description: 'Whether its opportunity or lead may be missing, as after a delete.' }),
  ),
  ...times,
});

const programReference = Type.Union([text, id], {
  description: 'The name of its program; the id, where several programs have that name.',
});

const list = strict({
  id: optional(id),
  name,
  program: optional(programReference),
  members: optional(Type.Array(id, { description: 'Ids of leads.' })),
});

const campaign = strict({
  id: optional(id),
  name,
  program: optional(programReference),
  kind: Type.Enum(['trigger', 'batch']),
  sources: optional(
    Type.Array(Type.Enum(enumerations.ReqCampSourceType), {
      description: 'The sources that may request a trigger campaign; none if not given.',
    }),
  ),
  description: optional(text),
});

const objectField = strict({ name, dataType });
const customObject = strict({ attributes, ...times });
const customObjectType = strict({
  type: name,
  keys: Type.Array(objectField, { description: 'The fields that identify an object.' }),
  fields: optional(Type.Array(objectField)),
  objects: optional(Type.Array(customObject)),
});

/** The instance file: definitions and records. Published as `instance.schema.json`. */
export const instanceSchema = Type.Object(
  {
    $schema: optional(text),
    fields: optional(
      strict(
        {
          Opportunity: fields,
          OpportunityPersonRole: fields,
          Lead: fields,
          Company: fields,
        } satisfies Of<FieldOwner>,
        'The custom fields of each type.',
      ),
    ),
    tags: optional(mapOf(Type.Array(name), 'Tag type → its values.')),
    channels: optional(mapOf(Type.Array(channelStatus), 'Channel → its progression statuses.')),
    ...({
      programs: optional(Type.Array(program)),
      companies: optional(Type.Array(company)),
      leads: optional(Type.Array(lead)),
      opportunities: optional(Type.Array(opportunity)),
      roles: optional(Type.Array(role)),
    } satisfies Of<FileSection>),
    workspaces: optional(Type.Array(name, { description: 'The workspaces besides Default.' })),
    lists: optional(Type.Array(list, { description: 'Static lists.' })),
    campaigns: optional(Type.Array(campaign)),
    customObjects: optional(Type.Array(customObjectType, { description: 'Custom objects by type.' })),
  },
  {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'mktows instance file',
    additionalProperties: false,
  },
);

export type Instance = Static<typeof instanceSchema>;
/** A property of the file. */
export type Section = keyof Instance;
export type InstanceProgram = Static<typeof program>;
export type InstanceCost = Static<typeof cost>;
export type InstanceLeadParts = Pick<Static<typeof lead>, keyof typeof leadParts>;
export type InstanceList = Static<typeof list>;
export type InstanceCampaign = Static<typeof campaign>;
export type InstanceObjectType = Static<typeof customObjectType>;
export type InstanceField = Static<typeof field>;
export type InstanceChannelStatus = Static<typeof channelStatus>;
