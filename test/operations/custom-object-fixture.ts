import type { Message, Received } from '../../src/contract/messages.ts';
import type { Records } from '../../src/records/all.ts';
import { createDraft } from '../../src/rules/draft.ts';
import type { Store } from '../../src/store/store.ts';
import type { SyncFixture } from './sync-fixture.ts';

type TypeRecord = Records['CustomObjectType'];

/** Defines a type of custom objects. */
export const defineType = (store: Store, type: Omit<TypeRecord, 'id'>): Promise<number> =>
  store.apply({ ids: {}, keys: [], newIds: { CustomObjectType: 1 }, depth: 1 }, (facts) => {
    const draft = createDraft(facts, 1);
    const id = draft.takeId('CustomObjectType');
    draft.put('CustomObjectType', { id, ...type });
    return { changes: draft.changes(), answer: id, journal: null };
  });

/** The type of Marketo's documentation, as its answers spell it. */
export const roadshow: Omit<TypeRecord, 'id'> = {
  name: 'Roadshow',
  keys: [
    { name: 'MKTOID', dataType: 'integer' },
    { name: 'rid', dataType: 'string' },
  ],
  fields: [
    { name: 'city', dataType: 'string' },
    { name: 'seats', dataType: 'integer' },
    { name: 'isOver', dataType: 'boolean' },
  ],
};

/** A list of attributes as clients send it: pairs of name and value. */
export const list = (...pairs: (readonly [string, string])[]): Received<'ArrayOfAttribute'> => ({
  attribute: pairs.map(([attrName, attrValue]) => ({ attrName, attrValue })),
});

export const object = (
  keys: readonly (readonly [string, string])[],
  attributes: readonly (readonly [string, string])[] = [],
): Received<'CustomObj'> => ({
  customObjKeyList: list(...keys),
  customObjAttributeList: list(...attributes),
});

export const pairs = (of: Message<'ArrayOfAttribute'> | null | undefined): [string, string][] =>
  (of?.attribute ?? []).map(({ attrName, attrValue }) => [attrName, attrValue]);

export async function syncObjects(
  { call }: SyncFixture,
  params: Omit<Received<'ParamsSyncCustomObjects'>, 'customObjList'>,
  ...customObj: Received<'CustomObj'>[]
) {
  const { answer } = await call('syncCustomObjects', { ...params, customObjList: { customObj } });
  return answer.result.syncCustomObjStatusList.syncCustomObjStatus;
}

export async function deleteObjects(
  { call }: SyncFixture,
  objTypeName: string,
  ...keyList: Received<'ArrayOfAttribute'>[]
) {
  const { answer } = await call('deleteCustomObjects', { objTypeName, customObjKeyLists: { keyList } });
  return answer.result.deleteCustomObjStatusList.syncCustomObjStatus;
}

export async function getObjects({ call }: SyncFixture, params: Received<'ParamsGetCustomObjects'>) {
  const { answer } = await call('getCustomObjects', params);
  return answer.result;
}
