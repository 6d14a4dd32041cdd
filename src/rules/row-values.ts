import {
  CUSTOM_FIELD_SIZE,
  type FieldDefinition,
  type StoredType,
  type ValueType,
} from '../contract/fields.ts';
import type { Received } from '../contract/messages.ts';
import type { FieldValue } from '../records/field-values.ts';
import { fieldNameProblem, ignoredNames } from './field-names.ts';
import { quote, refuse } from './refusal.ts';
import type { FieldFinder, ObjectRow, RowContext, SentValue } from './row.ts';
import { type FieldCatalogue, type FoundField, foldName } from './schema.ts';
import type { MObjectSettings } from './settings.ts';
import { unknownFieldText } from './unknown-field.ts';
import { readValue } from './values.ts';

type RowValues = Pick<ObjectRow, 'values' | 'newFields'>;

/** An attribute as sent. `value` undefined: keep the current value. */
export type SentOrKept = Omit<SentValue, 'value'> & { readonly value: SentValue['value'] | undefined };

/** Reads the values of an attribList, one per field, and lists the fields that are not defined yet. */
export function readAttributes(
  type: StoredType,
  list: Received<'ArrayOfAttrib'> | undefined,
  context: RowContext,
): RowValues {
  const find = context.finders[type];
  const sent: SentOrKept[] = [];
  let areKnown = true;
  let place = 0;
  for (const { name = '', value = '' } of list?.attrib ?? []) {
    const known = find(name, place++);
    const folded = known?.folded ?? foldName(name);
    if (folded === '') refuse(`attribList: an attrib with value ${quote(value)} has no name`);
    // Clients send these although they cannot be written (docs/behaviour.md#ignored-attributes).
    if (ignoredNames.has(folded)) continue;
    const field = known?.field ?? unknownField(type, name.trim(), context);
    if (field === undefined) continue;
    const read = readAttribute(field, value, context.settings);
    if (known === undefined) areKnown = false;
    sent.push({ field, value: read });
  }
  const values = distinctValues(sent, areKnown);
  return { values, newFields: areKnown ? noFields : newFieldsOf(values, context.schema.fields[type]) };
}

/**
 * Creates a finder for the rows of a call. Rows mostly name the same fields in the same order, so a name is first
 * compared with the last one at the same position, which is cheaper than hashing it.
 */
export function createFieldFinder(catalogue: FieldCatalogue): FieldFinder {
  const last: FoundField[] = [];
  return (name, place) => {
    const guess = last[place];
    if (guess?.field.name === name) return guess;
    const found = catalogue.findFolded(name);
    if (found !== undefined && place < FEW) last[place] = found;
    return found;
  };
}

const noFields: readonly never[] = [];

/** The maximum number of attributes for which pairwise comparison is faster than a map. */
const FEW = 50;

/**
 * Returns the values to write, the last one of each field. `areKnown`: all fields are definitions of the catalogue, so
 * that two of one name are the same object.
 */
export function distinctValues(sent: readonly SentOrKept[], areKnown: boolean): readonly SentValue[] {
  const last = areKnown && areDistinct(sent) ? sent : lastOfEach(sent);
  return last.every(isSet) ? last : last.filter(isSet);
}

const isSet = (each: SentOrKept): each is SentValue => each.value !== undefined;

function areDistinct(sent: readonly SentOrKept[]): boolean {
  if (sent.length > FEW) return false;
  for (let at = 1; at < sent.length; at++) {
    const field = sent[at]?.field;
    for (let before = 0; before < at; before++) if (sent[before]?.field === field) return false;
  }
  return true;
}

/** Keeps the last attribute of each name. */
function lastOfEach(sent: readonly SentOrKept[]): SentOrKept[] {
  return [...new Map(sent.map((each) => [foldName(each.field.name), each])).values()];
}

const newFieldsOf = (values: readonly SentValue[], catalogue: FieldCatalogue): FieldDefinition[] =>
  values.map(({ field }) => field).filter(({ name }) => catalogue.find(name) === undefined);

/** Reads the value of an attribute: null clears the field, undefined keeps its value. Refuses the row if it is none. */
export function readAttribute(
  field: FieldDefinition,
  text: string,
  settings: MObjectSettings,
): FieldValue | null | undefined {
  if (text === '') return settings.emptyValues === 'clear' ? null : undefined;
  if (text === ' ') return null;
  return readFieldValue(field, text, settings);
}

/** Reads a field value. Refuses the row if the text is not one. */
function readFieldValue(field: FieldDefinition, text: string, settings: MObjectSettings): FieldValue {
  const read = readValue(field, text, settings.timeZone);
  return 'value' in read ? read.value : refuse(`${field.name}: ${quote(text)}; ${read.problem}`);
}

/**
 * Handles an undefined field according to the setting: creates it, refuses the row, or returns undefined to ignore
 * it.
 */
function unknownField(
  type: StoredType,
  name: string,
  { schema, settings, now }: RowContext,
): FieldDefinition | undefined {
  if (settings.unknownFields === 'ignore') return undefined;
  if (settings.unknownFields === 'create') return createdField(type, name, now);
  return refuse(unknownFieldText(type, name, schema, '--unknown-fields create'));
}

/** Returns the field that an unknown name becomes. Refuses the row if no field can have that name. */
export function createdField(type: ValueType, name: string, now: string): FieldDefinition {
  const problem = fieldNameProblem(type, name);
  if (problem !== undefined)
    refuse(
      `${type === 'Lead' ? 'leadAttributeList' : 'attribList'}: ${quote(name)} cannot become a field: the name ${problem}`,
    );
  return {
    name,
    displayName: null,
    description: null,
    dataType: 'string',
    size: CUSTOM_FIELD_SIZE,
    custom: true,
    references: null,
    definedAt: now,
  };
}
