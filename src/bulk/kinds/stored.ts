import type { MObject } from '../../client/objects.ts';
import { associationFields, MAX_MOBJECTS_PER_CALL, type StoredType } from '../../contract/fields.ts';
import type { Cells } from '../cells.ts';
import { describedFields } from './described.ts';
import type { RecordKind } from './record-kind.ts';

/** Opportunities or roles, sent by syncMObjects. */
export const storedKind = (type: StoredType): RecordKind<MObject> => ({
  type,
  operations: ['UPSERT', 'INSERT', 'UPDATE'],
  rowsPerCall: MAX_MOBJECTS_PER_CALL,
  ownKeys: undefined,
  hasEmailSearch: false,

  columns: async (client, options) => ({
    fields: await describedFields(client, type, options),
    targets: associationFields[type].map(({ target }) => target),
  }),

  keyOf: ({ id, externalKey }) => String(id ?? externalKey?.value ?? ''),

  make(cells, { operation }) {
    const { id, externalKey, values, associations } = cells;
    const item = { type, id, externalKey, attributes: values, associations } as MObject;
    const identity = identityOf(type, cells);
    return {
      item,
      identities: identity === undefined ? [] : [identity],
      isRepeatable: operation === 'UPDATE' || (operation === 'UPSERT' && identity !== undefined),
    };
  },

  send: (client, items, { operation }) => client.syncMObjects(operation, items),
});

/** The way in which the server finds the object of a row (docs/behaviour.md#2-which-object-a-row-means). */
function identityOf(type: StoredType, { id, comparedKey, values, associations }: Cells): string | undefined {
  if (id !== undefined) return `id ${id}`;
  if (comparedKey !== '') return `key ${comparedKey}`;
  if (type !== 'OpportunityPersonRole') return undefined;
  const holder = (field: string, target: string) =>
    values[field] ?? associations.filter((each) => each.type === target);
  return `role ${JSON.stringify([holder('OpportunityId', 'Opportunity'), holder('PersonId', 'Lead')])}`;
}
