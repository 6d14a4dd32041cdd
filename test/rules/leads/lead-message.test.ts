import { expect, it } from 'vitest';
import type { FieldDefinition } from '../../../src/contract/fields.ts';
import type { LeadRecord } from '../../../src/records/all.ts';
import { type FieldValue, fieldValues } from '../../../src/records/field-values.ts';
import { leadMessage } from '../../../src/rules/leads/lead-message.ts';
import { catalogueOf } from '../../../src/rules/schema.ts';

const custom = (name: string, dataType: FieldDefinition['dataType']): FieldDefinition => ({
  name,
  displayName: name,
  description: null,
  dataType,
  size: null,
  custom: true,
  references: null,
});

const fields = catalogueOf('Lead', [
  custom('lead_rank', 'integer'),
  custom('LeadRanking', 'float'),
  custom('seenAt', 'datetime'),
]);

const leadWith = (
  values: Record<string, FieldValue>,
  email: string | null = 'a@example.com',
): LeadRecord => ({
  id: 7,
  createdAt: '2026-11-23T12:00:00.000Z',
  updatedAt: '2026-11-23T12:00:00.000Z',
  email,
  companyId: null,
  workspaceId: null,
  values: fieldValues('Lead', Object.entries(values)),
});

const textsOf = (values: Record<string, FieldValue>, more: { companyName?: string } = {}) =>
  leadMessage(
    { lead: leadWith(values), ...more },
    { fields, timeZone: 'America/Chicago' },
  ).leadAttributeList?.attribute.map(({ attrName, attrValue }) => `${attrName}=${attrValue}`);

it('a lead without values has all elements: three nil, and an empty list that is not nil', () => {
  expect(leadMessage({ lead: leadWith({}, null) }, { fields, timeZone: 'UTC' })).toEqual({
    Id: 7,
    Email: null,
    ForeignSysPersonId: null,
    ForeignSysType: null,
    leadAttributeList: { attribute: [] },
  });
});

it('shows the foreign id with its type', () => {
  const foreignId = { type: 'NETSUITE', value: 'N-1' };
  expect(leadMessage({ lead: leadWith({}), foreignId }, { fields, timeZone: 'UTC' })).toMatchObject({
    Email: 'a@example.com',
    ForeignSysPersonId: 'N-1',
    ForeignSysType: 'NETSUITE',
  });
});

it('sorts by upper-cased name, where _ is behind letters, and types attributes as describe does', () => {
  const { leadAttributeList } = leadMessage(
    { lead: leadWith({ Phone: '1', lead_rank: 2, LeadRanking: 1, FirstName: 'A' }) },
    { fields, timeZone: 'UTC' },
  );
  expect(leadAttributeList?.attribute).toEqual([
    { attrName: 'FirstName', attrType: 'string', attrValue: 'A' },
    { attrName: 'LeadRanking', attrType: 'float', attrValue: '1' },
    { attrName: 'lead_rank', attrType: 'integer', attrValue: '2' },
    { attrName: 'Phone', attrType: 'phone', attrValue: '1' },
  ]);
});

it('writes true as 1 and leaves out false and empty texts, but not 0', () => {
  expect(textsOf({ Unsubscribed: true, DoNotCall: false, City: '', LeadScore: 0 })).toEqual([
    'LeadScore=0',
    'Unsubscribed=1',
  ]);
});

it('writes decimals as short as they are, and a large one without an exponent', () => {
  expect(textsOf({ AnnualRevenue: 28970000 })).toEqual(['AnnualRevenue=28970000']);
  expect(textsOf({ AnnualRevenue: 0.5 })).toEqual(['AnnualRevenue=0.5']);
  expect(textsOf({ AnnualRevenue: 1e21 })).toEqual(['AnnualRevenue=1000000000000000000000']);
});

it("writes datetimes in whole seconds with the zone's offset, and dates as they are", () => {
  expect(textsOf({ seenAt: '2012-10-15T19:01:26.789Z', DateofBirth: '1970-01-02' })).toEqual([
    'DateofBirth=1970-01-02',
    'seenAt=2012-10-15T14:01:26-05:00',
  ]);
});

it("shows the company's own spelling", () => {
  expect(textsOf({ Company: 'acme' }, { companyName: 'ACME' })).toEqual(['Company=ACME']);
  expect(textsOf({}, { companyName: 'ACME' })).toEqual(['Company=ACME']);
  expect(textsOf({ Company: 'acme' })).toEqual(['Company=acme']);
});

it('answers the wanted attributes only, but Id, Email and the foreign elements always', () => {
  const only = new Set(['firstname', 'company', 'nonsense']);
  const answered = leadMessage(
    { lead: leadWith({ FirstName: 'A', City: 'B' }), companyName: 'ACME' },
    { fields, timeZone: 'UTC', only },
  );
  expect(answered.leadAttributeList?.attribute.map(({ attrName }) => attrName)).toEqual([
    'Company',
    'FirstName',
  ]);
  expect(answered).toMatchObject({ Id: 7, Email: 'a@example.com', ForeignSysPersonId: null });
});
