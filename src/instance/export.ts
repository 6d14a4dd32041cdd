import type { FieldDefinition, StoredType } from '../contract/fields.ts';
import type { MObjectRecord, ProgramRecord } from '../records/all.ts';
import type { FieldValue, FieldValues } from '../records/field-values.ts';
import type { LooseKey } from '../rules/facts.ts';
import { type FieldCatalogue, type FieldOwner, fieldOwners } from '../rules/schema.ts';
import { isoText } from '../rules/values.ts';
import type { Store, StoreContents } from '../store/store.ts';
import { defaultSize } from './definitions.ts';
import type { Instance, InstanceField, InstanceOpportunity, InstanceProgram, InstanceRole } from './shape.ts';

/**
 * Exports a store as an instance file, without journal, users and counters. Applying it to the same store changes
 * nothing; applying it to an empty one recreates the store.
 */
export async function exportInstance(store: Store): Promise<Instance> {
  return instanceOf(await store.contents());
}

/** Exports contents that were read before. */
export function instanceOf(contents: StoreContents): Instance {
  const { schema, programs, companies, leads, opportunities, roles } = contents;
  const leadIds = new Set(leads.map(({ id }) => id));
  const opportunityIds = new Set(opportunities.map(({ id }) => id));
  const isOrphan = ({ values }: MObjectRecord) =>
    !opportunityIds.has(Number(values.get('OpportunityId'))) || !leadIds.has(Number(values.get('PersonId')));
  const loose = Map.groupBy(contents.looseKeys, ({ type, id }) => `${type} ${id}`);
  const keysOf = (type: StoredType, id: number) => exportKeys(loose.get(`${type} ${id}`));
  return filled<Instance>({
    fields: filled(Object.fromEntries(fieldOwners.map((owner) => [owner, exportFields(contents, owner)]))),
    tags: object(schema.tags) as Instance['tags'],
    channels: Object.fromEntries(
      Array.from(schema.channels, ([channel, statuses]) => [
        channel,
        statuses.map(({ status, step, success, attributes }) =>
          filled({ status, step, success, attributes: object(attributes) }),
        ),
      ]),
    ) as Instance['channels'],
    programs: programs.map(exportProgram),
    companies: companies.map(({ id, name, externalKeys }) =>
      filled({ id, name, externalKeys: object(externalKeys) }),
    ),
    leads: leads.map(({ id, email, companyId, attributes }) =>
      filled({ id, email, companyId, attributes: object(attributes) }),
    ),
    opportunities: opportunities.map((record) =>
      exportOpportunity(record, keysOf('Opportunity', record.id), schema.fields.Opportunity),
    ),
    roles: roles.map((record) =>
      exportRole(
        record,
        keysOf('OpportunityPersonRole', record.id),
        isOrphan(record),
        schema.fields.OpportunityPersonRole,
      ),
    ),
  });
}

type Loose<Item> = { readonly [Key in keyof Item]: Item[Key] | null | undefined };

/** Removes empty properties: nulls, empty objects and lists. Keeps empty lists of statuses and values. */
function filled<Item extends object>(item: Loose<Item>): Item {
  const kept = Object.entries(item).filter(([, value]) => {
    if (value === null || value === undefined) return false;
    return typeof value !== 'object' || Object.keys(value).length > 0;
  });
  return Object.fromEntries(kept) as Item;
}

const object = <Value>(entries: ReadonlyMap<string, Value>): Record<string, Value> =>
  Object.fromEntries(entries);

function exportFields({ schema }: StoreContents, owner: FieldOwner): InstanceField[] {
  return schema.fields[owner].all.filter(({ custom }) => custom).map(exportField);
}

function exportField({ name, dataType, size, displayName, description }: FieldDefinition): InstanceField {
  const field = filled({ name, dataType, displayName, description });
  return (size === defaultSize(dataType) ? field : { ...field, size }) as InstanceField;
}

function exportProgram(program: ProgramRecord): InstanceProgram {
  const { archived, tags, tokens, costs, ...plain } = program;
  return filled<InstanceProgram>({
    ...plain,
    createdAt: isoText(program.createdAt),
    updatedAt: isoText(program.updatedAt),
    archived: archived ? true : null,
    tags: object(tags),
    tokens: object(tokens),
    costs: costs.map(({ id, month, amount, note }) => filled({ id, month: month.slice(0, 7), amount, note })),
  });
}

const exportKeys = (keys: readonly LooseKey[] | undefined): Record<string, string> =>
  Object.fromEntries((keys ?? []).map(({ name, value }) => [name, value]));

/** Separates the values of the named fields from the others. */
function split(values: FieldValues, names: readonly string[], fields: FieldCatalogue) {
  const exported = (name: string, value: FieldValue | undefined) =>
    value !== undefined && fields.find(name)?.dataType === 'datetime' ? isoText(String(value)) : value;
  const all = [...values.entries()].map(([name, value]) => [name, exported(name, value)] as const);
  const rest = Object.fromEntries(all.filter(([name]) => !names.includes(name)));
  return { rest, own: names.map((name) => exported(name, values.get(name))) };
}

function exportOpportunity(
  record: MObjectRecord,
  externalKeys: Record<string, string>,
  fields: FieldCatalogue,
): InstanceOpportunity {
  const { id, createdAt, updatedAt, values } = record;
  const { rest, own } = split(values, ['CompanyId'], fields);
  return filled({
    id,
    companyId: own[0],
    attributes: rest,
    externalKeys,
    createdAt: isoText(createdAt),
    updatedAt: isoText(updatedAt),
  } as Loose<InstanceOpportunity>);
}

function exportRole(
  record: MObjectRecord,
  externalKeys: Record<string, string>,
  orphan: boolean,
  fields: FieldCatalogue,
): InstanceRole {
  const { id, createdAt, updatedAt, values } = record;
  const names = ['OpportunityId', 'PersonId', 'Role', 'IsPrimary', 'ExternalCreatedDate'];
  const { rest, own } = split(values, names, fields);
  const [opportunityId, leadId, role, isPrimary, externalCreatedDate] = own;
  return filled({
    id,
    opportunityId,
    leadId,
    role,
    isPrimary,
    externalCreatedDate,
    attributes: rest,
    externalKeys,
    orphan: orphan || null,
    createdAt: isoText(createdAt),
    updatedAt: isoText(updatedAt),
  } as Loose<InstanceRole>);
}
