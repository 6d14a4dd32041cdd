import { leadFieldDefinitions } from '../contract/lead-fields.ts';
import { belongsTo, folded, nullable, reference, text, time } from './column.ts';
import { type RecordOf, recordType } from './declare.ts';

/** Leads. An anonymous one has no email. `workspaceId` null: the Default workspace. */
export const lead = recordType({
  name: 'Lead',
  table: 'lead',
  section: 'leads',
  columns: {
    createdAt: time,
    updatedAt: time,
    email: nullable(text),
    emailKey: folded('email'),
    companyId: reference('Company'),
    workspaceId: reference('Workspace'),
  },
  fields: leadFieldDefinitions,
  fieldsAreJson: true,
  fieldProperties: { Email: 'email' },
  keys: 'fields',
  lookups: { email: { columns: ['emailKey'] }, company: { columns: ['companyId'], lock: [] } },
  parts: {},
  readLock: 'shared',
});

export type LeadRecord = RecordOf<typeof lead>;

/** An id of a lead in another system. `type`: of ForeignSysType. The highest id is the newest. */
export const leadForeignId = recordType({
  name: 'LeadForeignId',
  table: 'lead_foreign_id',
  section: 'leadForeignIds',
  inFile: 'nested',
  columns: { leadId: belongsTo('Lead'), type: text, value: text },
  lookups: {
    value: { columns: ['type', 'value'] },
    lead: { columns: ['leadId'], lock: [] },
    leadAndType: { columns: ['leadId', 'type'], lock: [] },
  },
  parts: {},
  readLock: 'shared',
});

/** A cookie of a lead, decoded and without the `id:…&` part. */
export const leadCookie = recordType({
  name: 'LeadCookie',
  table: 'lead_cookie',
  section: 'leadCookies',
  inFile: 'nested',
  columns: { leadId: belongsTo('Lead'), value: text },
  lookups: { value: { columns: ['value'] }, lead: { columns: ['leadId'], lock: [] } },
  parts: {},
  readLock: 'shared',
});

/** A key of a lead in a CRM. `type`: a keyType such as SFDCLEADID. `key`: the form that a key is compared in. */
export const leadCrmKey = recordType({
  name: 'LeadCrmKey',
  table: 'lead_crm_key',
  section: 'leadCrmKeys',
  inFile: 'nested',
  columns: { leadId: belongsTo('Lead'), type: text, value: text, key: text },
  lookups: { key: { columns: ['type', 'key'] }, lead: { columns: ['leadId'], lock: [] } },
  parts: {},
  readLock: 'shared',
});

/** A workspace besides Default. */
export const workspace = recordType({
  name: 'Workspace',
  table: 'workspace',
  section: 'workspaces',
  inFile: 'nested',
  columns: { name: text, nameKey: folded('name') },
  lookups: { name: { columns: ['nameKey'] } },
  parts: {},
  readLock: 'shared',
});
