import type { SyncOperation } from '../contract/enumerations.ts';
import type { ReferenceTarget } from '../contract/fields.ts';
import type { Draft } from './draft.ts';
import type { LooseKey } from './facts.ts';
import { type RowOutcome, skipped, updated } from './outcome.ts';
import { type FieldValue, keyText, type MObjectRecord } from './records.ts';
import { quote, refuse } from './refusal.ts';
import type { AssociationTarget, ObjectRow, Pointer, RowKey } from './sync-row.ts';

/** The field that an association fills. */
const fieldOf: Readonly<Record<AssociationTarget, string>> = {
  Company: 'CompanyId',
  Lead: 'PersonId',
  Opportunity: 'OpportunityId',
};

/** Decides a row about an Opportunity or an OpportunityPersonRole (behaviour.md 2 to 5). */
export function decideObject(
  row: ObjectRow,
  operation: SyncOperation,
  draft: Draft,
  now: string,
): RowOutcome {
  if (row.id !== undefined) {
    const found = draft.record(row.kind, row.id);
    return found === undefined
      ? unknownId(row, row.id, operation)
      : decideFound(row, found, operation, draft, now);
  }
  const id = row.key === undefined ? findRole(row, operation, draft) : draft.newestHolder(row.key.wanted);
  const found = id === undefined ? undefined : draft.record(row.kind, id);
  if (found !== undefined) return decideFound(row, found, operation, draft, now);
  if (operation === 'UPDATE') return skipped(null, notFound(row));
  return create(row, draft, now);
}

function unknownId(row: ObjectRow, id: number, operation: SyncOperation): RowOutcome {
  if (operation === 'INSERT') {
    refuse(`id: ${id} is no ${row.kind}, and ids are given out by the server; leave the id out to insert`);
  }
  if (operation === 'UPSERT') {
    refuse(`id: there is no ${row.kind} ${id}; leave the id out to insert, ids are given out by the server`);
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

/** A role without id and key is found by what it says (behaviour.md 2, rule 3). */
function findRole(row: ObjectRow, operation: SyncOperation, draft: Draft): number | undefined {
  if (row.kind !== 'OpportunityPersonRole') return undefined;
  const references = resolveReferences(row, draft);
  const opportunityId = references.get('OpportunityId');
  const personId = references.get('PersonId');
  if (typeof opportunityId !== 'number' || typeof personId !== 'number') return undefined;
  if (operation === 'UPDATE') return draft.newestRole({ opportunityId, personId });
  const role = row.values.find((sent) => sent.field.name === 'Role')?.value ?? null;
  return draft.newestRole({ opportunityId, personId, role: role === null ? null : String(role) });
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
  const values = new Map(before.values);
  const changed: string[] = [];
  for (const [name, value] of newValues(row, draft)) {
    if ((values.get(name) ?? null) === value) continue;
    changed.push(name);
    if (value === null) values.delete(name);
    else values.set(name, value);
  }
  if (row.kind === 'OpportunityPersonRole') requireBoth(values);
  createFields(row, values, draft);
  if (changed.length > 0) draft.put(row.kind, { ...before, updatedAt: now, values });
  return updated(before.id, changed);
}

function create(row: ObjectRow, draft: Draft, now: string): RowOutcome {
  const values = new Map<string, FieldValue>();
  for (const [name, value] of withKey(newValues(row, draft), row.key, draft)) {
    if (value !== null) values.set(name, value);
  }
  if (row.kind === 'OpportunityPersonRole') requireBoth(values);
  createFields(row, values, draft);
  const id = draft.takeId(row.kind);
  draft.put(row.kind, { id, createdAt: now, updatedAt: now, values });
  if (row.key !== undefined && row.key.field === undefined) {
    const loose: LooseKey = { type: row.kind, id, ...row.key.loose };
    draft.addLooseKey(loose);
  }
  return { status: 'CREATED', id };
}

type NewValues = Map<string, FieldValue | null>;

/** What the row sets: its attributes, and the references that its associations lead to. */
function newValues(row: ObjectRow, draft: Draft): NewValues {
  const references = resolveReferences(row, draft);
  const values: NewValues = new Map();
  for (const { field, value } of row.values) values.set(draft.spelling(row.kind, field.name), value);
  for (const [name, value] of references) values.set(name, value);
  return values;
}

/** Creates the fields that hold a value now and were unknown when the row was read. */
function createFields(row: ObjectRow, values: ReadonlyMap<string, FieldValue>, draft: Draft): void {
  const custom = row.values.filter(({ field }) => field.custom).map(({ field }) => field);
  const filled = custom.filter(({ name }) => values.has(draft.spelling(row.kind, name)));
  draft.createFields(row.kind, filled);
}

/** The new object also gets the field of its key's name (behaviour.md 2), in which attribList must agree. */
function withKey(values: NewValues, key: RowKey | undefined, draft: Draft): NewValues {
  if (key?.field === undefined) return values;
  const { name, references } = key.field;
  const sent = values.get(name);
  if (sent === undefined) {
    if (references !== null) requireReference(name, references, Number(key.value), draft);
    values.set(name, key.value);
  } else if (sent === null || keyText(sent) !== key.wanted.value) {
    refuse(
      `${name}: attribList sets ${sent === null ? 'no value' : quote(keyText(sent))}, ` +
        `and externalKey ${quote(key.wanted.value)}; they must agree`,
    );
  }
  return values;
}

/** The reference fields that the row sets, by attribute or association, each leading to an object that exists. */
function resolveReferences(row: ObjectRow, draft: Draft): NewValues {
  const resolved: NewValues = new Map();
  for (const { field, value } of row.values) {
    if (field.references === null) continue;
    if (value !== null) requireReference(field.name, field.references, Number(value), draft);
    resolved.set(field.name, value);
  }
  for (const { target, pointer } of row.pointers) {
    const name = fieldOf[target];
    const id = follow(target, pointer, draft);
    const other = resolved.get(name);
    if (other !== undefined && other !== id) {
      refuse(
        `${name}: an association with ${target} leads to ${id}, and attribList or another association ` +
          `says ${other ?? 'none'}; they must agree`,
      );
    }
    resolved.set(name, id);
  }
  return resolved;
}

function requireReference(name: string, target: ReferenceTarget, id: number, draft: Draft): void {
  if (draft.record(target, id) === undefined) refuse(`${name}: there is no ${target} ${id}`);
}

/** The id of the object that an association leads to (F1.4). */
function follow(target: AssociationTarget, pointer: Pointer, draft: Draft): number {
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
  const companyId = draft.record('Lead', lead)?.companyId ?? null;
  return companyId ?? refuse(`associationList: Lead ${lead} has ${what}, but no company`);
}

function requireBoth(values: ReadonlyMap<string, FieldValue>): void {
  for (const [name, target] of [
    ['OpportunityId', 'Opportunity'],
    ['PersonId', 'Lead'],
  ]) {
    if (!values.has(name ?? '')) {
      refuse(`${name}: is required; send it as an attribute, or an association with ${target}`);
    }
  }
}
