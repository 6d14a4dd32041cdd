import type { Received } from '../contract/messages.ts';
import { readDate, readPairs } from './read-objects.ts';

/** The metadata of an object type. */
export interface MObjectDescription {
  readonly name: string;
  readonly description: string | null;
  readonly isCustom: boolean;
  readonly isVirtual: boolean;
  readonly fields: readonly FieldDescription[];
  readonly updatedAt: Date | null;
}

/** The metadata of a field. */
export interface FieldDescription {
  readonly name: string;
  readonly displayName: string | null;
  readonly description: string | null;
  /** `string`, `integer`, `currency`, … */
  readonly dataType: string;
  /** Characters at most; null for data types that have no size. */
  readonly size: number | null;
  readonly isReadonly: boolean;
  readonly isUpdateBlocked: boolean;
  readonly isName: boolean;
  readonly isPrimaryKey: boolean;
  readonly isCustom: boolean;
  readonly isDynamic: boolean;
  readonly updatedAt: Date | null;
}

/** A tag type and its values. */
export interface Tag {
  readonly type: string;
  readonly values: readonly string[];
}

/** A channel and its progression statuses. */
export interface Channel {
  readonly name: string;
  /** Text by name: `Status`, `Step`, `Success`, … */
  readonly statuses: readonly Readonly<Record<string, string>>[];
}

/** Reads the answer to describeMObject. */
export function readDescription(metadata: Received<'MObjectMetadata'>): MObjectDescription {
  const { name = '', description = null, isCustom = false, isVirtual = false } = metadata;
  const fields = (metadata.fieldList?.field ?? []).map(readField);
  return { name, description, isCustom, isVirtual, fields, updatedAt: readDate(metadata.updatedAt) };
}

function readField(field: Received<'MObjFieldMetadata'>): FieldDescription {
  return {
    name: field.name ?? '',
    displayName: field.displayName ?? null,
    description: field.description ?? null,
    dataType: field.dataType ?? '',
    size: field.size ?? null,
    isReadonly: field.isReadonly ?? false,
    isUpdateBlocked: field.isUpdateBlocked ?? false,
    isName: field.isName ?? false,
    isPrimaryKey: field.isPrimaryKey ?? false,
    isCustom: field.isCustom ?? false,
    isDynamic: field.isDynamic ?? false,
    updatedAt: readDate(field.updatedAt),
  };
}

/** Reads the answer to getTags. */
export const readTags = (list: Received<'ArrayOfTag'> | undefined): Tag[] =>
  (list?.tag ?? []).map(({ type = '', values }) => ({ type, values: values?.stringItem ?? [] }));

/** Reads the answer to getChannels. */
export const readChannels = (list: Received<'ArrayOfTagStatus'> | undefined): Channel[] =>
  (list?.tagStatus ?? []).map(({ tagValue = '', statusList }) => ({
    name: tagValue,
    statuses: (statusList?.progressionStatusItem ?? []).map(({ progressionStatus }) =>
      readPairs(progressionStatus),
    ),
  }));
