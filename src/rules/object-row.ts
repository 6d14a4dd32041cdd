import type { SyncOperation } from '../contract/enumerations.ts';
import {
  associationFields,
  type FieldDefinition,
  type ReferenceTarget,
  type StoredType,
} from '../contract/fields.ts';
import type { MObjectRecord } from '../records/all.ts';
import { type FieldValues, type FieldValueTable, fieldValues, keyText } from '../records/field-values.ts';
import type { Draft } from './draft.ts';
import type { LooseKey } from './facts.ts';
import { companyOfLead } from './leads/company-link.ts';
import { lookup } from './lookups.ts';
import { type RowOutcome, skipped, updated, type ValueChanges } from './outcome.ts';
import { quote, refuse } from './refusal.ts';
import type { ObjectRow, Pointer, RowKey, SentValue } from './row.ts';
import { foldName } from './schema.ts';
import { updatedNow } from './updated-now.ts';

/** A value that a row sets, by attribute or association. */
interface NewValue {
  readonly field: Pick<FieldDefinition, 'name'>;
  readonly value: SentValue['value'];
}

/** Decides an Opportunity or OpportunityPersonRole row (docs/behaviour.md#3-operation-and-result). */
export function decideObject(
  row: ObjectRow,
  operation: SyncOperation,
  draft: Draft,
  now: string,
): RowOutcome {
  for (const pointer of row.pointers) if ('refusal' in pointer) requireField(pointer, draft);
  if (row.key !== undefined) requireField(row.key, draft);
  if (row.id !== undefined) {
    const found = draft.record(row.kind, row.id);
    return found === undefined
      ? unknownId(row, row.id, operation)
      : decideFound(row, found, operation, draft, now);
  }
  const id =
    row.key === undefined ? findRole(row, operation, draft, now) : draft.newestHolder(row.key.wanted);
  const found = id === undefined ? undefined : draft.record(row.kind, id);
  if (found !== undefined) return decideFound(row, found, operation, draft, now);
  if (operation === 'UPDATE') return skipped(null, notFound(row));
  return create(row, draft, now);
}

function unknownId(row: ObjectRow, id: number, operation: SyncOperation): RowOutcome {
  if (operation !== 'UPDATE') {
    refuse(`id: there is no ${row.kind} ${id}; the server assigns ids, so leave the id out to insert`);
  }
  return skipped(id, `there is no ${row.kind} ${id}; UPDATE skips what is new`);
}

function notFound(row: ObjectRow): string {
  if (row.key !== undefined) {
    return `no ${row.kind} has ${row.key.loose.name} = ${quote(row.key.loose.value)}; UPDATE skips what is new`;
  }
  if (row.kind === 'Opportunity') return 'neither id nor externalKey was sent; UPDATE skips what is new';
  return 'no role of that opportunity and person was found; UPDATE skips what is new';
}

/** Finds a role without id and key by opportunity and person (docs/behaviour.md#roles-without-an-id). */
function findRole(row: ObjectRow, operation: SyncOperation, draft: Draft, now: string): number | undefined {
  if (row.kind !== 'OpportunityPersonRole') return undefined;
  const values = newValues(row, draft, now);
  const opportunityId = valueIn('OpportunityId', values);
  const personId = valueIn('PersonId', values);
  if (typeof opportunityId !== 'number' || typeof personId !== 'number') return undefined;
  if (operation === 'UPDATE')
    return draft.newest(lookup('OpportunityPersonRole', 'pair', opportunityId, personId));
  const role = valueIn('Role', values) ?? null;
  return draft.newest(lookup('OpportunityPersonRole', 'triple', opportunityId, personId, role));
}

/** Returns the value that the list sets the field to; undefined if it does not set it. */
function valueIn(name: string, values: readonly NewValue[]): NewValue['value'] | undefined {
  for (const { field, value } of values) if (field.name === name) return value;
  return undefined;
}

function decideFound(
  row: ObjectRow,
  before: MObjectRecord,
  operation: SyncOperation,
  draft: Draft,
  now: string,
): RowOutcome {
  if (operation === 'INSERT')
    return skipped(before.id, `it exists as ${row.kind} ${before.id}; INSERT skips that`);
  const sent = newValues(row, draft, now);
  const changes = emptyChanges(sent.length);
  let count = 0;
  let values: FieldValueTable | undefined;
  for (const { field, value } of sent) {
    const had = before.values.get(field.name) ?? null;
    if (had === value) continue;
    changes.changed[count] = field.name;
    changes.before[count] = had;
    changes.after[count] = value;
    count++;
    values ??= before.values.copy();
    if (value === null) values.delete(field.name);
    else values.set(field.name, value);
  }
  cutChanges(changes, count);
  if (row.kind === 'OpportunityPersonRole') requireBoth(values ?? before.values);
  createFields(row, values ?? before.values, draft);
  if (values !== undefined) {
    const { id, createdAt } = before;
    draft.put(row.kind, { id, createdAt, updatedAt: updatedNow(before, now), values });
  }
  return updated(before.id, row.key === undefined ? nameIn(before.values) : undefined, changes);
}

/** Returns lists with room for this many changes: lists that grow take twice the memory. */
const emptyChanges = (most: number): ValueChanges => ({
  changed: new Array(most),
  before: new Array(most),
  after: new Array(most),
});

function cutChanges({ changed, before, after }: ValueChanges, count: number): void {
  changed.length = count;
  before.length = count;
  after.length = count;
}

/** Returns the name of an object for the journal; roles have none. */
export function nameIn(values: FieldValues): string | undefined {
  const name = values.get('Name');
  return name === undefined ? undefined : String(name);
}

function create(row: ObjectRow, draft: Draft, now: string): RowOutcome {
  const sent = newValues(row, draft, now);
  const values = fieldValues(row.kind);
  for (const { field, value } of sent) if (value !== null) values.set(field.name, value);
  const isLoose = row.key !== undefined && !setKeyField(values, row.key, sent, draft);
  if (row.kind === 'OpportunityPersonRole') requireBoth(values);
  createFields(row, values, draft);
  const id = draft.takeId(row.kind);
  draft.put(row.kind, { id, createdAt: now, updatedAt: now, values });
  if (row.key !== undefined && isLoose) {
    const loose: LooseKey = { type: row.kind, id, ...row.key.loose };
    draft.addLooseKey(loose);
  }
  return { status: 'CREATED', id };
}

/** Returns the values that the row sets, each field once: its attributes and the references from its associations. */
function newValues(row: ObjectRow, draft: Draft, now: string): readonly NewValue[] {
  const references = resolveReferences(row, draft, now);
  const attributes: readonly NewValue[] = row.newFields.length === 0 ? row.values : spelled(row, draft);
  return references.length === 0 ? attributes : [...attributes, ...references];
}

/** Returns the attributes with field names as stored, since an earlier row may have created the fields. */
const spelled = ({ kind, values }: ObjectRow, draft: Draft): NewValue[] =>
  values.map(({ field, value }) => ({ field: { name: spelling(kind, field, draft) }, value }));

const spelling = (kind: ObjectRow['kind'], { name }: FieldDefinition, draft: Draft): string =>
  draft.field(kind, name)?.name ?? name;

/** Creates the fields that hold a value now and were undefined when the row was read. */
function createFields({ kind, newFields }: ObjectRow, values: FieldValues, draft: Draft): void {
  if (newFields.length === 0) return;
  draft.createFields(
    kind,
    newFields.filter((field) => values.has(spelling(kind, field, draft))),
  );
}

/** Refuses the row if its key must name a field and does not, unless an earlier row created that field. */
function requireField({ refusal, wanted }: Pick<RowKey, 'refusal' | 'wanted'>, draft: Draft): void {
  if (refusal === undefined || draft.field(wanted.type as StoredType, wanted.name) !== undefined) return;
  refuse(refusal);
}

/**
 * Sets the field that the key names on the new object (docs/behaviour.md#external-keys); attribList must not
 * contradict it. Returns whether there is such a field: one that is defined, or that this row or an earlier one
 * creates.
 */
function setKeyField(values: FieldValueTable, key: RowKey, sent: readonly NewValue[], draft: Draft): boolean {
  const { value, wanted } = key;
  const name = key.field?.name ?? createdField(key, sent, draft);
  if (name === undefined) return false;
  const references = key.field?.references ?? null;
  const other = valueIn(name, sent);
  if (other === undefined) {
    if (references !== null) requireReference(name, references, Number(value), draft);
    values.set(name, value);
  } else if (other === null || keyText(other) !== wanted.value) {
    refuse(
      `${name}: attribList sets ${other === null ? 'no value' : quote(keyText(other))}, ` +
        `and externalKey ${quote(wanted.value)}; they must agree`,
    );
  }
  return true;
}

/** Returns the name of the key's field if this call creates it. */
const createdField = ({ wanted }: RowKey, sent: readonly NewValue[], draft: Draft): string | undefined =>
  draft.field(wanted.type as StoredType, wanted.name)?.name ??
  sent.find(({ field, value }) => value !== null && foldName(field.name) === wanted.name)?.field.name;

/**
 * Returns the reference fields that are set by associations and not by attributes. Refuses the row if an attribute or
 * association refers to a missing object, or two of them disagree.
 */
function resolveReferences(
  { kind, values, pointers }: ObjectRow,
  draft: Draft,
  now: string,
): readonly NewValue[] {
  for (const { field, value } of values) {
    if (field.references === null || value === null) continue;
    requireReference(field.name, field.references, Number(value), draft);
  }
  if (pointers.length === 0) return nothing;
  const resolved: NewValue[] = [];
  for (const pointer of pointers) {
    const { target } = pointer;
    const field = fieldOf(kind, target);
    const id = follow(pointer, draft, now);
    const sent = valueIn(field.name, values);
    const other = sent === undefined ? valueIn(field.name, resolved) : sent;
    if (other !== undefined && other !== id) {
      refuse(
        `${field.name}: an association with ${target} leads to ${id}, and attribList or another association ` +
          `says ${other ?? 'none'}; they must agree`,
      );
    }
    if (other === undefined) resolved.push({ field, value: id });
  }
  return resolved;
}

const nothing: readonly never[] = [];

/** Returns the field that an association with this target sets. */
function fieldOf(kind: StoredType, target: ReferenceTarget): FieldDefinition {
  const found = associationFields[kind].find((each) => each.target === target);
  if (found === undefined) throw new TypeError(`${kind} has no association with ${target}`);
  return found.field;
}

function requireReference(name: string, target: ReferenceTarget, id: number, draft: Draft): void {
  if (draft.record(target, id) === undefined) refuse(`${name}: there is no ${target} ${id}`);
}

/** Returns the id of the object that an association refers to (docs/behaviour.md#associations). */
function follow(pointer: Pointer, draft: Draft, now: string): number {
  const { target } = pointer;
  if ('id' in pointer) {
    if (draft.record(target, pointer.id) !== undefined) return pointer.id;
    refuse(`associationList: there is no ${target} ${pointer.id}`);
  }
  const { wanted, key } = pointer;
  const holder = draft.newestHolder(wanted);
  if (holder !== undefined) return holder;
  const what = `${key.name} = ${quote(key.value)}`;
  if (target !== 'Company') return refuse(`associationList: no ${target} has ${what}`);
  const lead = draft.newestHolder({ ...wanted, type: 'Lead' });
  if (lead === undefined)
    return refuse(`associationList: no Company has ${what}, and no Lead that would lead to one`);
  return companyOfLead(lead, draft, now);
}

/** In the order of describeMObject. */
const requiredOfRoles = associationFields.OpportunityPersonRole.toReversed();

function requireBoth(values: FieldValues): void {
  for (const { target, field } of requiredOfRoles) {
    if (!values.has(field.name)) {
      refuse(`${field.name}: is required; send it as an attribute, or an association with ${target}`);
    }
  }
}
