import { leadFields } from '../../contract/described-fields.ts';
import type { FieldDefinition } from '../../contract/fields.ts';
import { leadFieldDefinitions } from '../../contract/lead-fields.ts';
import type { Received, UnreadableParts } from '../../contract/messages.ts';
import { ignoredNames } from '../field-names.ts';
import { readId } from '../numbers.ts';
import { CodedRefusal, quote, refuse } from '../refusal.ts';
import type { FieldFinder, SentValue } from '../row.ts';
import { createdField, distinctValues, readAttribute, type SentOrKept } from '../row-values.ts';
import { foldName, type Schema } from '../schema.ts';
import type { MObjectSettings } from '../settings.ts';
import { readValue } from '../values.ts';

/** The context for reading the rows of a call. */
export interface LeadContext {
  readonly schema: Schema;
  readonly settings: MObjectSettings;
  readonly unreadable: UnreadableParts;
  /** The time of the call, UTC. */
  readonly now: string;
  readonly find: FieldFinder;
  /** Returns the text of the refusal of unknown fields. */
  readonly unknownText: (names: readonly string[]) => string;
}

/** The attributes of a lead. */
export interface LeadValues {
  /** The id in an attribute Id, which names the lead where no key element does. */
  readonly idAttribute: number | undefined;
  /** What the attribute Email sets; undefined: it was not sent, or keeps the address. */
  readonly emailAttribute: SentValue['value'] | undefined;
  /** The others, one per field; without those that keep their value, and update-blocked fields. */
  readonly values: readonly SentValue[];
  /** The fields in `values` that are not defined yet. */
  readonly newFields: readonly FieldDefinition[];
}

/** Fields that only others than API clients write: accepted, and the value stays as it is. */
const blockedFields: ReadonlySet<string> = new Set(
  leadFields.filter(({ isUpdateBlocked }) => isUpdateBlocked).map(({ name }) => name),
);

const emailField = leadFieldDefinitions.find(({ name }) => name === 'Email') as FieldDefinition;

/** Reads the text of an e-mail address. Returns null for a blank one, which clears it. */
export function readEmail(text: string): string | null {
  const address = text.trim();
  if (address === '') return null;
  const read = readValue(emailField, address, 'UTC');
  return 'value' in read ? String(read.value) : refuse(`Email: ${quote(text)}; ${read.problem}`);
}

/**
 * Reads the attributes of a lead, one per field. Refuses it with 20105 for unknown names, and for values that their
 * field cannot hold (docs/behaviour-leads.md#attributes).
 */
export function readLeadValues(
  list: Received<'ArrayOfAttribute'> | null | undefined,
  context: LeadContext,
): LeadValues {
  const { find, settings } = context;
  const sent: SentOrKept[] = [];
  const unknown: string[] = [];
  let idAttribute: number | undefined;
  let emailAttribute: SentValue['value'] | undefined;
  let newFields: FieldDefinition[] | undefined;
  let place = 0;
  for (const { attrName = '', attrValue } of list?.attribute ?? []) {
    const value = attrValue ?? '';
    const known = find(attrName, place++);
    if (known !== undefined) {
      const { field } = known;
      if (field.name === emailField.name) emailAttribute = emailOf(value, settings.emptyValues);
      else if (!blockedFields.has(field.name))
        sent.push({ field, value: readAttribute(field, value, settings) });
      continue;
    }
    const folded = foldName(attrName);
    if (folded === '') refuse(`leadAttributeList: an attribute with value ${quote(value)} has no attrName`);
    if (folded === 'id') idAttribute = idOf(value);
    if (ignoredNames.has(folded) || settings.unknownFields === 'ignore') continue;
    if (settings.unknownFields === 'fail') {
      unknown.push(attrName.trim());
      continue;
    }
    const field = createdField('Lead', attrName.trim(), context.now);
    newFields ??= [];
    newFields.push(field);
    sent.push({ field, value: readAttribute(field, value, settings) });
  }
  if (unknown.length > 0) throw new CodedRefusal(20105, context.unknownText(unknown));
  const values = distinctValues(sent, newFields === undefined);
  return {
    idAttribute,
    emailAttribute,
    values,
    newFields: newFields === undefined ? none : heldBy(values, newFields),
  };
}

const none: readonly never[] = [];

const heldBy = (values: readonly SentValue[], fields: readonly FieldDefinition[]): FieldDefinition[] =>
  fields.filter((each) => values.some(({ field }) => field === each));

function emailOf(text: string, emptyValues: 'keep' | 'clear'): SentValue['value'] | undefined {
  if (text === '') return emptyValues === 'clear' ? null : undefined;
  return readEmail(text);
}

function idOf(text: string): number | undefined {
  const read = readId(text.trim());
  return 'value' in read ? Number(read.value) : undefined;
}
