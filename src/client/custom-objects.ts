import type { EnumerationValue } from '../contract/enumerations.ts';
import type { Message, Received } from '../contract/messages.ts';
import type { FieldValue } from './objects.ts';
import { checkPage, rowsFor } from './pages.ts';
import { writeValue } from './write-objects.ts';

/** Values of all keys of a type, by name. `MKTOID` is a lead's id. */
export type CustomObjectKeys = Readonly<Record<string, Exclude<FieldValue, null>>>;

/** An object to insert or update. */
export interface CustomObject {
  readonly keys: CustomObjectKeys;
  /** Values by field name. `null` clears a field, and one that is not named stays as it is. */
  readonly attributes?: Readonly<Record<string, FieldValue | undefined>> | undefined;
}

/** The object was added, changed, or had these values already. */
export interface CustomObjectWritten<Status extends CustomObjectStatus, Request> {
  readonly status: Status;
  /** What was sent. */
  readonly request: Request;
}

/** Nothing was done, because the object is not accepted. The others of the call are not affected. */
export interface CustomObjectFailed<Request> {
  readonly status: 'FAILED';
  readonly error: string;
  /** What was sent. */
  readonly request: Request;
}

type CustomObjectStatus = Exclude<EnumerationValue<'SyncStatusEnum'>, 'FAILED'>;

/** The result of an object of `syncCustomObjects`, a union told apart by `status`. */
export type CustomObjectSyncResult =
  | CustomObjectWritten<'CREATED' | 'UPDATED', CustomObject>
  | CustomObjectFailed<CustomObject>;

/** The result of an object of `deleteCustomObjects`. One that is not there is FAILED. */
export type CustomObjectDeleteResult =
  | CustomObjectWritten<'DELETED', CustomObjectKeys>
  | CustomObjectFailed<CustomObjectKeys>;

/** The objects to find: all of the type that have one of the values given for each key. */
export interface CustomObjectQuery {
  readonly type: string;
  readonly keys?: Readonly<Record<string, KeyValue | readonly KeyValue[]>> | undefined;
  /** Names of the fields to answer; default: all. */
  readonly includeAttributes?: readonly string[] | undefined;
  /** Objects per page; default and most 100. */
  readonly batchSize?: number | undefined;
  /** The position where an earlier search ended. It carries that search's conditions. */
  readonly streamPosition?: string | undefined;
}

type KeyValue = Exclude<FieldValue, null>;

/** An object as the server answers it. Values are texts. */
export interface FoundCustomObject {
  readonly keys: Readonly<Record<string, string>>;
  readonly attributes: Readonly<Record<string, string>>;
}

/** A page of objects that were found. */
export interface CustomObjectPage {
  /** The name of the type as it is defined. */
  readonly type: string;
  readonly objects: readonly FoundCustomObject[];
  /** The number of objects behind this page. */
  readonly remaining: number;
  /** Continues the search behind this page, also later. */
  readonly streamPosition: string;
}

type Pairs = Iterable<readonly [name: string, value: FieldValue]>;

const writePairs = (pairs: Pairs): Message<'ArrayOfAttribute'> => ({
  attribute: Array.from(pairs, ([attrName, value]) => ({ attrName, attrValue: writeValue(value, attrName) })),
});

/** Writes keys. Throws `TypeError` for a value that the API cannot take. */
export const writeCustomObjectKeys = (keys: CustomObjectKeys): Message<'ArrayOfAttribute'> =>
  writePairs(Object.entries(keys));

/** Writes an object as syncCustomObjects takes it. Throws `TypeError` for a value that the API cannot take. */
export const writeCustomObject = ({ keys, attributes = {} }: CustomObject): Message<'CustomObj'> => ({
  customObjKeyList: writeCustomObjectKeys(keys),
  customObjAttributeList: writePairs(
    Object.entries(attributes).filter((pair): pair is [string, FieldValue] => pair[1] !== undefined),
  ),
});

/** Writes a query as getCustomObjects takes it. Throws `TypeError` for a value that the API cannot take. */
export function writeCustomObjectQuery(query: CustomObjectQuery): Message<'ParamsGetCustomObjects'> {
  const { type, keys, includeAttributes = [], batchSize, streamPosition } = query;
  const pairs = Object.entries(keys ?? {}).flatMap(([name, values]) =>
    (Array.isArray(values) ? (values as readonly KeyValue[]) : [values as KeyValue]).map(
      (value) => [name, value] as const,
    ),
  );
  return {
    objTypeName: type,
    ...(streamPosition === undefined ? {} : { streamPosition }),
    ...(batchSize === undefined ? {} : { batchSize }),
    ...(pairs.length === 0 ? {} : { customObjKeyList: writePairs(pairs) }),
    includeAttributes: { stringItem: [...includeAttributes] },
  };
}

/** Reads pairs of name and value. */
export const readAttributes = (
  list: Received<'ArrayOfAttribute'> | null | undefined,
): Record<string, string> =>
  Object.fromEntries(
    (list?.attribute ?? []).map(({ attrName = '', attrValue = '' }) => [attrName, attrValue]),
  );

/** Reads a page. Throws if more objects follow and the position is missing. */
export function readCustomObjectPage(answer: Received<'ResultGetCustomObjects'>): CustomObjectPage {
  const { objTypeName: type = '', remainingCount: remaining = 0, newStreamPosition = '' } = answer;
  const objects = (answer.customObjList?.customObj ?? []).map((object) => ({
    keys: readAttributes(object.customObjKeyList),
    attributes: readAttributes(object.customObjAttributeList),
  }));
  checkPage(remaining, objects.length, newStreamPosition);
  return { type, objects, remaining, streamPosition: newStreamPosition };
}

/** Pairs the rows of an answer with what they answer. Throws if their number differs, or if one has no status. */
export function pairedCustomObjects<Request, Result>(
  requests: readonly Request[],
  answered: Received<'ArrayOfSyncCustomObjStatus'> | undefined,
): Result[] {
  const rows = rowsFor(requests, answered?.syncCustomObjStatus);
  return requests.map((request, index) => {
    const { status, error } = rows[index] ?? {};
    if (status === undefined) throw new Error(`row ${index} has no status`);
    return (status === 'FAILED' ? { status, error: error ?? '', request } : { status, request }) as Result;
  });
}
