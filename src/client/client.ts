import type { SyncOperation } from '../contract/enumerations.ts';
import type { Message, Received } from '../contract/messages.ts';
import type { AnswerTypeOf, OperationName, RequestTypeOf } from '../contract/operations.ts';
import { type ActivityMethods, activityMethods } from './activities.ts';
import type { Call, CallOptions } from './call.ts';
import { type CampaignMethods, campaignMethods } from './campaigns.ts';
import { type CustomObjectMethods, customObjectMethods } from './custom-object-calls.ts';
import type { Channel, MObjectDescription, Tag } from './descriptions.ts';
import { readChannels, readDescription, readTags } from './descriptions.ts';
import { inParts, understood } from './in-parts.ts';
import { type LeadMethods, leadMethods } from './leads.ts';
import { type ListMethods, listMethods } from './lists.ts';
import type { MObject, MObjectKey, MObjectType } from './objects.ts';
import { pages } from './pages.ts';
import { type MObjectPage, type MObjectQuery, readPage, writeQuery } from './query.ts';
import { type DeleteResult, pairedResults, type SyncResult } from './results.ts';
import { withRetries } from './retry.ts';
import { createTransport, type Fetch } from './transport.ts';
import { writeKey, writeObject } from './write-objects.ts';

export interface ClientOptions {
  /** URL of the endpoint, without `?WSDL`: `http://127.0.0.1:8980/soap/mktows/2_7`. */
  readonly endpoint: string;
  readonly userId: string;
  readonly secret: string;
  /** Milliseconds within which each attempt of a call must be answered; default 60,000. */
  readonly timeout?: number | undefined;
  /** The maximum number of times that a call is sent again where that is safe. Default: 4. */
  readonly retries?: number | undefined;
  /** Milliseconds before the first retry, default 500. Each further one is twice as long, with jitter. */
  readonly retryDelay?: number | undefined;
  /**
   * Also sends calls again that may have been applied and would then be applied twice, such as an INSERT that was not
   * answered; default false.
   */
  readonly retryUnsafe?: boolean | undefined;
  /** Sends the requests; default: the global `fetch`. */
  readonly fetch?: Fetch | undefined;
}

/**
 * A client of the SOAP API. Methods reject with `MktowsFault` if the server answers with a fault, with `MktowsNoAnswer`
 * if there is no answer, and with `TypeError` for values that the API cannot take.
 */
export interface Client
  extends LeadMethods,
    ActivityMethods,
    ListMethods,
    CampaignMethods,
    CustomObjectMethods {
  /**
   * Inserts or updates objects. Returns a result for each, in the same order. More than 100 objects are sent in
   * several calls, one after the other; if one fails, `answered` of the error has the results of those before it.
   *
   *     const [result] = await client.syncMObjects('UPSERT', [
   *       { type: 'Opportunity', attributes: { Name: 'Spring', Amount: 2000 } },
   *     ]);
   */
  syncMObjects(
    operation: SyncOperation,
    objects: readonly MObject[],
    options?: CallOptions,
  ): Promise<SyncResult[]>;

  /** Deletes objects. Returns a result for each, in the same order. Sends more than 100 as `syncMObjects` does. */
  deleteMObjects(objects: readonly MObjectKey[], options?: CallOptions): Promise<DeleteResult[]>;

  /**
   * Finds objects, page by page. Each page is fetched when it is asked for.
   *
   *     for await (const { objects } of client.getMObjects({ type: 'Opportunity' })) …
   */
  getMObjects<Type extends MObjectType>(
    query: MObjectQuery<Type>,
    options?: CallOptions,
  ): AsyncIterableIterator<MObjectPage<Type>>;

  /** Describes the fields of an object type. */
  describeMObject(name: string, options?: CallOptions): Promise<MObjectDescription>;

  /** Lists the types that can be described. */
  listMObjects(options?: CallOptions): Promise<string[]>;

  /** Lists tag types with their values: all, or those that are given. */
  getTags(types?: readonly string[], options?: CallOptions): Promise<Tag[]>;

  /** Lists channels with their progression statuses: all, or those that are given. */
  getChannels(names?: readonly string[], options?: CallOptions): Promise<Channel[]>;

  /** Calls any operation with a message as the WSDL declares it. Returns the answer as it was received. */
  call<Name extends OperationName>(
    operation: Name,
    params: Message<RequestTypeOf<Name>>,
    options?: CallOptions,
  ): Promise<Received<AnswerTypeOf<Name>>>;
}

const defaults = { timeout: 60_000, retries: 4, retryDelay: 500, retryUnsafe: false };

/** Creates a client that signs each call. Throws `TypeError` if user id or secret are empty. */
export function createClient(options: ClientOptions): Client {
  const { endpoint, userId, secret, timeout = defaults.timeout, retries = defaults.retries } = options;
  const { retryDelay = defaults.retryDelay, retryUnsafe = defaults.retryUnsafe } = options;
  for (const name of ['endpoint', 'userId', 'secret'] as const) {
    if (!options[name]) throw new TypeError(`createClient: ${name} is missing`);
  }
  const fetch: Fetch = options.fetch ?? ((url, request) => globalThis.fetch(url, request));
  const send = withRetries(createTransport({ endpoint, userId, secret, fetch }), {
    retries,
    retryDelay,
    retryUnsafe,
  });

  const call: Call = async (operation, params, { signal, timeout: own = timeout, workspace } = {}) => {
    if (!(own > 0))
      throw new TypeError(`${operation}: timeout is ${own}; expected milliseconds, more than 0`);
    return send(operation, params, { signal, timeout: own, workspace });
  };

  return {
    call,
    ...leadMethods(call),
    ...activityMethods(call),
    ...listMethods(call),
    ...campaignMethods(call),
    ...customObjectMethods(call),

    async syncMObjects(operation, objects, how) {
      const written = objects.map(writeObject);
      return inParts(
        'syncMObjects',
        objects,
        async (part, start) => {
          const mObject = written.slice(start, start + part.length);
          const { result } = await call('syncMObjects', { mObjectList: { mObject }, operation }, how);
          return result?.mObjStatusList;
        },
        pairedResults<MObject, SyncResult>,
      );
    },

    async deleteMObjects(objects, how) {
      return inParts(
        'deleteMObjects',
        objects,
        async (part) => {
          const { result } = await call(
            'deleteMObjects',
            { mObjectList: { mObject: part.map(writeKey) } },
            how,
          );
          return result?.mObjStatusList;
        },
        pairedResults<MObjectKey, DeleteResult>,
      );
    },

    getMObjects<Type extends MObjectType>(query: MObjectQuery<Type>, how?: CallOptions) {
      const params = writeQuery(query);
      return pages(
        async (streamPosition: string | undefined) => {
          const position = streamPosition === undefined ? {} : { streamPosition };
          const { result = {} } = await call('getMObjects', { ...params, ...position }, how);
          return understood('getMObjects', () => readPage<Type>(result));
        },
        query.streamPosition,
        ({ hasMore, streamPosition }) => (hasMore ? streamPosition : undefined),
      );
    },

    async describeMObject(name, how) {
      const { result } = await call('describeMObject', { objectName: name }, how);
      return readDescription(result?.metadata ?? {});
    },

    async listMObjects(how) {
      const { result } = await call('listMObjects', {}, how);
      return result?.objects ?? [];
    },

    async getTags(types, how) {
      if (types?.length === 0) return [];
      const params = types === undefined ? {} : { tagList: { tag: types.map((type) => ({ type })) } };
      const { result } = await call('getTags', params, how);
      return readTags(result?.tagList);
    },

    async getChannels(names, how) {
      if (names?.length === 0) return [];
      const params =
        names === undefined ? {} : { tag: { type: 'Channel', values: { stringItem: [...names] } } };
      const { result } = await call('getChannels', params, how);
      return readChannels(result?.tags);
    },
  };
}
