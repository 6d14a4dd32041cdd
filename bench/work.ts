import { sign } from '../src/wire/signature.ts';

/** What all rows of a call come to. */
export const cases = ['created', 'updated', 'unchanged'] as const;
export type Case = (typeof cases)[number];

/** How a target wants its calls: the SOAP API, or the same as JSON where there is no XML. */
export type Format = 'xml' | 'json';

export const user = { userId: 'bench_1_ABC', secret: 'a secret of the benchmark' };
export const COMPANIES = 100;
/** So many objects that are changed, and as many that stay as they are, are stored before the first measurement. */
export const STORED = 1_000;

/** One row: an opportunity by its external key, a company by its, and 8 attributes. */
export interface Row {
  readonly key: string;
  readonly company: string;
  readonly values: Readonly<Record<(typeof attributeNames)[number], string>>;
}

export const attributeNames = [
  'Name',
  'Stage',
  'Type',
  'Amount',
  'Probability',
  'Quantity',
  'LeadSource',
  'Description',
] as const;

/** The row of a key; `version` tells its values apart from those of another version. */
export function rowOf(key: string, version: number): Row {
  return {
    key,
    company: `company-${key.length + (version % 7)}`,
    values: {
      Name: `Opportunity ${key}`,
      Stage: version % 2 === 0 ? 'Proposal' : 'Negotiation',
      Type: 'New business',
      Amount: `${1000 + (version % 100_000)}.25`,
      Probability: String(version % 100),
      Quantity: String(1 + (version % 50)),
      LeadSource: 'Web & partner',
      Description: `Version ${version} of what was sent for this opportunity`,
    },
  };
}

/** The instance that every target has: the key field and the companies. */
export const instance = {
  fields: { Opportunity: [{ name: 'ExtId', dataType: 'string' }] },
  companies: Array.from({ length: COMPANIES }, (_, index) => ({
    id: index + 1,
    name: `Company ${index}`,
    externalKeys: { CompanyKey: `company-${index}` },
  })),
};

const escaped = (text: string) => text.replaceAll('&', '&amp;');

function rowXml({ key, company, values }: Row): string {
  const attributes = attributeNames
    .map((name) => `<attrib><name>${name}</name><value>${escaped(values[name])}</value></attrib>`)
    .join('');
  return (
    `<mObject><type>Opportunity</type><externalKey><name>ExtId</name><value>${key}</value></externalKey>` +
    `<attribList>${attributes}</attribList><associationList><mObjAssociation><mObjType>Company</mObjType>` +
    `<externalKey><name>CompanyKey</name><value>${company}</value></externalKey></mObjAssociation>` +
    '</associationList></mObject>'
  );
}

/** A signed envelope around the XML of a request. */
export function signedEnvelope(request: string): string {
  const { timestamp, signature } = signed();
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
    '<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/"' +
    ' xmlns:ns1="http://www.marketo.com/mktows/"><SOAP-ENV:Header><ns1:AuthenticationHeader>' +
    `<mktowsUserId>${user.userId}</mktowsUserId><requestSignature>${signature}</requestSignature>` +
    `<requestTimestamp>${timestamp}</requestTimestamp></ns1:AuthenticationHeader></SOAP-ENV:Header>` +
    `<SOAP-ENV:Body>${request}</SOAP-ENV:Body></SOAP-ENV:Envelope>`
  );
}

function signed(): { readonly timestamp: string; readonly signature: string } {
  const timestamp = new Date().toISOString();
  return { timestamp, signature: sign(user.secret, user.userId, timestamp) };
}

/** The body of a signed call that upserts these rows. */
export function callBody(format: Format, rows: readonly Row[]): string {
  if (format === 'json') return JSON.stringify({ userId: user.userId, ...signed(), rows });
  return signedEnvelope(
    `<ns1:paramsSyncMObjects><mObjectList>${rows.map(rowXml).join('')}</mObjectList>` +
      '<operation>UPSERT</operation></ns1:paramsSyncMObjects>',
  );
}

/** Whether an answer says of all its rows that they came to this. */
export function isRight(answer: string, rows: number, expected: Case): boolean {
  return answer.split(expected.toUpperCase()).length - 1 === rows;
}
