import type { EnumerationValue } from '../../contract/enumerations.ts';
import type { DataType } from '../../contract/fields.ts';
import type { Message } from '../../contract/messages.ts';
import type { LeadRecord } from '../../records/all.ts';
import type { FieldValue } from '../../records/field-values.ts';
import { type FieldCatalogue, foldName } from '../schema.ts';
import { formatDatetime, formatValue } from '../values.ts';

/** A lead with what answers show of the records that belong to it. */
export interface AnsweredLead {
  readonly lead: LeadRecord;
  /** Its newest foreign id. */
  readonly foreignId?: { readonly type: string; readonly value: string } | undefined;
  /** The name of its company. */
  readonly companyName?: string | undefined;
}

export interface LeadMessageOptions {
  /** The fields of leads. */
  readonly fields: FieldCatalogue;
  /** IANA name of the zone whose offset datetimes carry. */
  readonly timeZone: string;
  /** Folded names of the attributes to answer; undefined: all. */
  readonly only?: ReadonlySet<string> | undefined;
}

/** Returns a lead as all operations answer it (docs/behaviour-leads.md#a-lead-in-answers). */
export function leadMessage(
  { lead, foreignId, companyName }: AnsweredLead,
  options: LeadMessageOptions,
): Message<'LeadRecord'> {
  return {
    Id: lead.id,
    Email: lead.email === '' ? null : lead.email,
    ForeignSysPersonId: foreignId?.value ?? null,
    ForeignSysType: (foreignId?.type ?? null) as EnumerationValue<'ForeignSysType'> | null,
    leadAttributeList: { attribute: attributesOf(lead, companyName, options) },
  };
}

function attributesOf(
  { values }: LeadRecord,
  companyName: string | undefined,
  { fields, timeZone, only }: LeadMessageOptions,
): Message<'Attribute'>[] {
  const answered = answeredFields(fields);
  const found: { readonly field: AnsweredField; readonly text: string }[] = [];
  const add = (name: string, value: FieldValue) => {
    const field = answered.get(name);
    if (field === undefined || (only !== undefined && !only.has(field.folded))) return;
    const text = leadValueText(field.dataType, value, timeZone);
    if (text !== '') found.push({ field, text });
  };
  for (const [name, value] of values.entries()) {
    if (name !== COMPANY || companyName === undefined) add(name, value);
  }
  if (companyName !== undefined) add(COMPANY, companyName);
  found.sort((a, b) => a.field.rank - b.field.rank);
  return found.map(({ field, text }) => ({
    attrName: field.name,
    attrType: field.dataType,
    attrValue: text,
  }));
}

/** The field that a lead's company shows in. */
const COMPANY = 'Company';

/** Formats a value of a lead as answers have it; empty if they leave it out: a false one, and an empty text. */
export function leadValueText(dataType: DataType, value: FieldValue, timeZone: string): string {
  if (dataType === 'boolean') return value === true ? '1' : '';
  return dataType === 'datetime'
    ? formatDatetime(String(value), timeZone)
    : formatValue(dataType, value, timeZone);
}

interface AnsweredField {
  readonly name: string;
  readonly folded: string;
  readonly dataType: DataType;
  /** Its position by upper-cased name. */
  readonly rank: number;
}

const known = new WeakMap<FieldCatalogue, ReadonlyMap<string, AnsweredField>>();

/** Returns the fields that can be in leadAttributeList, by name. */
function answeredFields(fields: FieldCatalogue): ReadonlyMap<string, AnsweredField> {
  const earlier = known.get(fields);
  if (earlier !== undefined) return earlier;
  const sorted = fields.all
    .filter(({ name }) => !ELEMENTS.has(foldName(name)))
    .map(({ name, dataType }) => ({ name, dataType, upper: name.toUpperCase() }))
    .sort((a, b) => (a.upper < b.upper ? -1 : a.upper > b.upper ? 1 : 0));
  const byName = new Map(
    sorted.map(({ name, dataType }, rank) => [name, { name, folded: foldName(name), dataType, rank }]),
  );
  known.set(fields, byName);
  return byName;
}

/** Folded names of fields that have elements of their own. */
const ELEMENTS: ReadonlySet<string> = new Set(['id', 'email']);
