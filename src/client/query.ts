import type { EnumerationValue } from '../contract/enumerations.ts';
import type { Message, Received } from '../contract/messages.ts';
import type { Association, ExternalKey, FieldValue, FoundMObject, MObjectType } from './objects.ts';
import { readObject } from './read-objects.ts';
import { writeAssociations, writeExternalKey, writeValue } from './write-objects.ts';

/** `'EQ'`, `'NE'`, `'LT'`, `'LE'`, `'GT'` or `'GE'`. */
export type Comparison = EnumerationValue<'ComparisonEnum'>;

/** A condition on a field. */
export interface Criterion {
  readonly name: string;
  readonly comparison: Comparison;
  readonly value: Exclude<FieldValue, null>;
}

/** The objects to find: all of the type that fulfil each condition that is given. */
export interface MObjectQuery<Type extends MObjectType = MObjectType> {
  readonly type: Type;
  readonly id?: number | undefined;
  readonly externalKey?: ExternalKey | undefined;
  readonly criteria?: readonly Criterion[] | undefined;
  /** Objects that they belong to. */
  readonly associations?: readonly Association[] | undefined;
  /** If true, programs come with their tags, tokens and costs. The server's default is true. */
  readonly includeDetails?: boolean | undefined;
  /** The position where an earlier search ended. It carries that search's conditions. */
  readonly streamPosition?: string | undefined;
}

/** Up to 100 objects that were found. */
export interface MObjectPage<Type extends MObjectType = MObjectType> {
  readonly objects: readonly FoundMObject<Type>[];
  /** True if another page follows. */
  readonly hasMore: boolean;
  /** Continues the search behind this page, also later. */
  readonly streamPosition: string;
}

/** Writes a query as getMObjects takes it. Throws `TypeError` for a value that the API cannot take. */
export function writeQuery(query: MObjectQuery): Message<'ParamsGetMObjects'> {
  const { type, id, externalKey, criteria, associations, includeDetails, streamPosition } = query;
  const mObjCriteria = criteria?.map(({ name, comparison, value }) => ({
    attrName: name,
    comparison,
    attrValue: writeValue(value, name),
  }));
  return {
    type,
    ...(id === undefined ? {} : { id }),
    ...(externalKey === undefined ? {} : { externalKey: writeExternalKey(externalKey) }),
    ...(mObjCriteria === undefined ? {} : { mObjCriteriaList: { mObjCriteria } }),
    ...(associations === undefined ? {} : { mObjAssociationList: writeAssociations(associations) }),
    ...(includeDetails === undefined ? {} : { includeDetails }),
    ...(streamPosition === undefined ? {} : { streamPosition }),
  };
}

/** Reads a page. Throws if an object cannot be read, or if more follow and the position is missing. */
export function readPage<Type extends MObjectType>({
  mObjectList,
  hasMore = false,
  newStreamPosition: streamPosition = '',
}: Received<'ResultGetMObjects'>): MObjectPage<Type> {
  if (hasMore && streamPosition === '')
    throw new Error('it says that more follow, and has no stream position');
  const objects = (mObjectList?.mObject ?? []).map(readObject) as FoundMObject<Type>[];
  return { objects, hasMore, streamPosition };
}
