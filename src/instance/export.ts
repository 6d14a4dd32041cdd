import type { FieldDefinition, ValueType } from '../contract/fields.ts';
import {
  type CostRecord,
  declarationOf,
  type FileSection,
  fileTypes,
  type MObjectRecord,
  type Records,
  type RecordType,
} from '../records/all.ts';
import type { FieldValue, FieldValues } from '../records/field-values.ts';
import type { LooseKey } from '../rules/facts.ts';
import {
  type ChannelStatus,
  type FieldCatalogue,
  type FieldOwner,
  fieldOwners,
  type Schema,
} from '../rules/schema.ts';
import { isoText } from '../rules/values.ts';
import type { Export, StoreContents } from '../store/store.ts';
import { defaultSize } from './definition-fields.ts';
import { exportAssets, leadPartsExport } from './export-assets.ts';
import { filled } from './filled.ts';
import type { Instance } from './shape.ts';

/**
 * Exports a store as an instance file, without journal, users and counters. Applying it to the same store changes
 * nothing; applying it to an empty one recreates the definitions and records. That store then counts on from the
 * highest id of the file (docs/operations.md#back-up).
 */
export async function exportInstance(store: Export): Promise<Instance> {
  const contents = await store.contents();
  const { schema } = contents;
  return filled({
    fields: filled(Object.fromEntries(fieldOwners.map((owner) => [owner, exportFields(contents, owner)]))),
    tags: Object.fromEntries(schema.tags),
    channels: Object.fromEntries(
      Array.from(schema.channels, ([channel, statuses]) => [channel, statuses.map(exportStatus)]),
    ),
    ...exportRecords(contents),
    ...exportAssets(contents),
  }) as Instance;
}

function exportFields({ schema }: StoreContents, owner: FieldOwner): object[] {
  return schema.fields[owner].all.filter(({ custom }) => custom).map(exportField);
}

function exportField({ name, dataType, size, displayName, description }: FieldDefinition): object {
  const field = filled({ name, dataType, displayName, description });
  return size === defaultSize(dataType) ? field : { ...field, size };
}

const exportStatus = ({ attributes, ...status }: ChannelStatus): object =>
  filled({ ...status, attributes: Object.fromEntries(attributes) });

function exportRecords(contents: StoreContents): object {
  const loose = Map.groupBy(contents.looseKeys, ({ type, id }) => `${type} ${id}`);
  const isOrphan = orphanTest(contents);
  const leadParts = leadPartsExport(contents);
  const sections = fileTypes.map((type) => {
    const { section } = declarationOf[type];
    const records: readonly Records[RecordType][] = contents[section as FileSection];
    const exported = records.map((record) => {
      const keys = loose.get(`${type} ${record.id}`) ?? [];
      const orphan = type === 'OpportunityPersonRole' && isOrphan(record as MObjectRecord) ? true : null;
      const content = exportRecord(type, record, keys, orphan, contents.schema);
      return type === 'Lead' ? { ...content, ...leadParts(record as Records['Lead']) } : content;
    });
    return [section, exported];
  });
  return Object.fromEntries(sections);
}

/** Returns a function that tells whether the opportunity or the lead of a role is missing. */
function orphanTest({ leads, opportunities }: StoreContents): (role: MObjectRecord) => boolean {
  const leadIds = new Set(leads.map(({ id }) => id));
  const opportunityIds = new Set(opportunities.map(({ id }) => id));
  return ({ values }) =>
    !opportunityIds.has(Number(values.get('OpportunityId'))) || !leadIds.has(Number(values.get('PersonId')));
}

/** Returns a record as an instance file has it. `orphan`: true for a role whose opportunity or lead is missing. */
export function exportRecord(
  type: RecordType,
  record: Records[RecordType],
  keys: readonly LooseKey[],
  orphan: true | null,
  schema: Schema,
): object {
  const { columns, parts, instance = {}, fields } = declarationOf[type];
  const { createdAt, updatedAt, values, ...plain } = record as ExportedRecord;
  const exported = Object.entries(plain).map(([property, value]) => {
    // `leadPartsExport` writes its name.
    if (columns[property]?.references === 'Workspace') return [property, null];
    if (columns[property]?.kind === 'boolean') return [property, value === true ? true : null];
    if (parts[property]?.kind === 'rows') return [property, (value as readonly CostRecord[]).map(exportCost)];
    return [property, value instanceof Map ? Object.fromEntries(value) : value];
  });
  return filled({
    ...Object.fromEntries(exported),
    ...(fields === undefined
      ? {}
      : exportValues(values as FieldValues, instance, schema.fields[type as ValueType])),
    ...(keys.length === 0
      ? {}
      : { externalKeys: Object.fromEntries(keys.map(({ name, value }) => [name, value])) }),
    orphan,
    createdAt: exportTime(createdAt),
    updatedAt: exportTime(updatedAt),
  });
}

const exportTime = (time: string | undefined) => (time === undefined ? undefined : isoText(time));

/** Any record, with the properties that only some types have. */
type ExportedRecord = Record<string, unknown> & { readonly createdAt?: string; readonly updatedAt?: string };

const exportCost = ({ id, month, ...rest }: CostRecord): object =>
  filled({ id, month: month.slice(0, 7), ...rest });

/** Separates the values of fields that have a property of their own from the others. */
function exportValues(
  values: FieldValues,
  instance: Readonly<Record<string, string>>,
  fields: FieldCatalogue,
): object {
  const exported = (name: string, value: FieldValue | undefined) =>
    value !== undefined && fields.find(name)?.dataType === 'datetime' ? isoText(String(value)) : value;
  const own = new Set(Object.values(instance));
  const named = Object.entries(instance).map(([property, name]) => [
    property,
    exported(name, values.get(name)),
  ]);
  const attributes = Array.from(values.entries())
    .filter(([name]) => !own.has(name))
    .map(([name, value]) => [name, exported(name, value)]);
  return { ...Object.fromEntries(named), attributes: Object.fromEntries(attributes) };
}
