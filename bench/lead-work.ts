import { signedEnvelope } from './work.ts';

/** A lead by its address, with 10 attributes. */
export interface LeadRow {
  readonly email: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** The lead of an address; two versions differ in two attributes. */
export const leadOf = (name: string, version: number): LeadRow => ({
  email: `${name}@example.com`,
  attributes: {
    FirstName: `First ${name}`,
    LastName: `Last ${name}`,
    Title: `Title ${version % 1000}`,
    Department: 'Sales & marketing',
    Phone: '+1 555 0100',
    Address: '1 Example Street',
    City: 'San Mateo',
    State: 'CA',
    Country: 'USA',
    LeadScore: String(version % 100_000),
  },
});

const escaped = (text: string) => text.replaceAll('&', '&amp;');

function leadXml({ email, attributes }: LeadRow): string {
  const list = Object.entries(attributes)
    .map(
      ([name, value]) =>
        `<attribute><attrName>${name}</attrName><attrValue>${escaped(value)}</attrValue></attribute>`,
    )
    .join('');
  return `<leadRecord><Email>${email}</Email><leadAttributeList>${list}</leadAttributeList></leadRecord>`;
}

/** The body of a signed syncMultipleLeads call. */
export const leadsBody = (rows: readonly LeadRow[]): string =>
  signedEnvelope(
    `<ns1:paramsSyncMultipleLeads><leadRecordList>${rows.map(leadXml).join('')}</leadRecordList>` +
      '</ns1:paramsSyncMultipleLeads>',
  );
