import type { SyncOperation } from '../contract/enumerations.ts';
import type { Call, CallOptions } from './call.ts';
import {
  type CustomObject,
  type CustomObjectDeleteResult,
  type CustomObjectKeys,
  type CustomObjectPage,
  type CustomObjectQuery,
  type CustomObjectSyncResult,
  pairedCustomObjects,
  readCustomObjectPage,
  writeCustomObject,
  writeCustomObjectKeys,
  writeCustomObjectQuery,
} from './custom-objects.ts';
import { inParts, understood } from './in-parts.ts';
import { pages } from './pages.ts';

/** The part of a client that works on custom objects. */
export interface CustomObjectMethods {
  /**
   * Inserts or updates custom objects of a type. Returns a result for each, in the same order. Sends more than 100 as
   * `syncMObjects` does.
   *
   *     await client.syncCustomObjects('UPSERT', 'Roadshow', [
   *       { keys: { MKTOID: 7, rid: 'rid1' }, attributes: { city: 'San Mateo' } },
   *     ]);
   */
  syncCustomObjects(
    operation: SyncOperation,
    type: string,
    objects: readonly CustomObject[],
    options?: CallOptions,
  ): Promise<CustomObjectSyncResult[]>;

  /** Deletes custom objects by all their keys. Otherwise like `syncCustomObjects`. */
  deleteCustomObjects(
    type: string,
    keys: readonly CustomObjectKeys[],
    options?: CallOptions,
  ): Promise<CustomObjectDeleteResult[]>;

  /** Finds custom objects by some or all of their keys, page by page. Each page is fetched when it is asked for. */
  getCustomObjects(query: CustomObjectQuery, options?: CallOptions): AsyncIterableIterator<CustomObjectPage>;
}

/** Returns the methods on custom objects. */
export function customObjectMethods(call: Call): CustomObjectMethods {
  return {
    async syncCustomObjects(operation, objTypeName, objects, how) {
      const written = objects.map(writeCustomObject);
      return inParts(
        'syncCustomObjects',
        objects,
        async (part, start) => {
          const customObjList = { customObj: written.slice(start, start + part.length) };
          const { result } = await call('syncCustomObjects', { objTypeName, customObjList, operation }, how);
          return result?.syncCustomObjStatusList;
        },
        pairedCustomObjects<CustomObject, CustomObjectSyncResult>,
      );
    },

    async deleteCustomObjects(objTypeName, keys, how) {
      const written = keys.map(writeCustomObjectKeys);
      return inParts(
        'deleteCustomObjects',
        keys,
        async (part, start) => {
          const customObjKeyLists = { keyList: written.slice(start, start + part.length) };
          const { result } = await call('deleteCustomObjects', { objTypeName, customObjKeyLists }, how);
          return result?.deleteCustomObjStatusList;
        },
        pairedCustomObjects<CustomObjectKeys, CustomObjectDeleteResult>,
      );
    },

    getCustomObjects(query, how) {
      const params = writeCustomObjectQuery(query);
      return pages(
        async (streamPosition: string | undefined) => {
          const position = streamPosition === undefined ? {} : { streamPosition };
          const { result = {} } = await call('getCustomObjects', { ...params, ...position }, how);
          return understood('getCustomObjects', () => readCustomObjectPage(result));
        },
        query.streamPosition,
        ({ remaining, streamPosition }) => (remaining > 0 ? streamPosition : undefined),
      );
    },
  };
}
