import { CUSTOM_FIELD_SIZE, type FieldDefinition, type StoredType } from '../contract/fields.ts';
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

/** An attribute as it was sent. `value` undefined: the field keeps what it has. */
type SentOrKept = Omit<SentValue, 'value'> & { readonly value: SentValue['value'] | undefined };

/** The values that an attribList sends, one for each field, and which of the fields are new. */
export function readAttributes(
  type: StoredType,
  list: Received<'ArrayOfAttrib'> | undefined,
  context: RowContext,
): RowValues {
  const find = context.finders[type];
  const sent: SentOrKept[] = [];
  let [areKnown, areSet] = [true, true];
  let place = 0;
  for (const { name = '', value = '' } of list?.attrib ?? []) {
    const known = find(name, place++);
    const folded = known?.folded ?? foldName(name);
    if (folded === '') refuse(`attribList: an attrib with value ${quote(value)} has no name`);
    // Clients send these along although they cannot be written (docs/behaviour.md#ignored-attributes).
    if (ignoredNames.has(folded)) continue;
    const field = known?.field ?? unknownField(type, name.trim(), context);
    if (field === undefined) continue;
    const read = readAttribute(field, value, context.settings);
    if (known === undefined) areKnown = false;
    if (read === undefined) areSet = false;
    sent.push({ field, value: read });
  }
  const last = areKnown && areDistinct(sent) ? sent : lastOfEach(sent);
  const values = areSet
    ? (last as SentValue[])
    : last.filter((each): each is SentValue => each.value !== undefined);
  return { values, newFields: areKnown ? noFields : newFieldsOf(values, context.schema.fields[type]) };
}

/**
 * A finder for the rows of a call. They mostly name the same fields in the same order, so a name is compared with the
 * one that stood there last, which is cheaper than to hash it.
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

/**
 * So many attributes are compared each with each, which is cheaper than to collect them; more would take too long.
 */
const FEW = 50;

function areDistinct(sent: readonly SentOrKept[]): boolean {
  if (sent.length > FEW) return false;
  for (let at = 1; at < sent.length; at++) {
    const field = sent[at]?.field;
    for (let before = 0; before < at; before++) if (sent[before]?.field === field) return false;
  }
  return true;
}

/** Of the attributes with the same name the last one counts. */
function lastOfEach(sent: readonly SentOrKept[]): SentOrKept[] {
  return [...new Map(sent.map((each) => [foldName(each.field.name), each])).values()];
}

const newFieldsOf = (values: readonly SentValue[], catalogue: FieldCatalogue): FieldDefinition[] =>
  values.map(({ field }) => field).filter(({ name }) => catalogue.find(name) === undefined);

function readAttribute(
  field: FieldDefinition,
  text: string,
  settings: MObjectSettings,
): FieldValue | null | undefined {
  if (text === '') return settings.emptyValues === 'clear' ? null : undefined;
  if (text === ' ') return null;
  return readFieldValue(field, text, settings);
}

/** The value of a field in this text; refuses the row where it is none. */
function readFieldValue(field: FieldDefinition, text: string, settings: MObjectSettings): FieldValue {
  const read = readValue(field, text, settings.timeZone);
  return 'value' in read ? read.value : refuse(`${field.name}: ${quote(text)}; ${read.problem}`);
}

/** What a name that no field has comes to: a new field, or undefined where such names are ignored. */
function unknownField(
  type: StoredType,
  name: string,
  { schema, settings, now }: RowContext,
): FieldDefinition | undefined {
  if (settings.unknownFields === 'ignore') return undefined;
  if (settings.unknownFields === 'create') return createdField(type, name, now);
  return refuse(unknownFieldText(type, name, schema, '--unknown-fields create'));
}

function createdField(type: StoredType, name: string, now: string): FieldDefinition {
  const problem = fieldNameProblem(type, name);
  if (problem !== undefined) refuse(`attribList: ${quote(name)} cannot become a field: the name ${problem}`);
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
