import type { OperationName } from '../contract/operations.ts';
import { deleteMObjects } from './delete-mobjects.ts';
import { describeMObject } from './describe-mobject.ts';
import { getChannels } from './get-channels.ts';
import { getMObjects } from './get-mobjects.ts';
import { getTags } from './get-tags.ts';
import { listMObjects } from './list-mobjects.ts';
import type { Operation } from './operation.ts';
import { syncMObjects } from './sync-mobjects.ts';

/** The operations that this server carries out. Those that the contract declares beyond them are fault 20019. */
export const operationTable: { readonly [Name in OperationName]?: Operation<Name> } = {
  deleteMObjects,
  describeMObject,
  getChannels,
  getMObjects,
  getTags,
  listMObjects,
  syncMObjects,
};
