import type { OperationName } from '../contract/operations.ts';
import { deleteMObjects } from './delete-mobjects.ts';
import { describeMObject } from './describe-mobject.ts';
import { getChannels } from './get-channels.ts';
import { getMObjects } from './get-mobjects.ts';
import { getTags } from './get-tags.ts';
import { listMObjects } from './list-mobjects.ts';
import type { Operation } from './operation.ts';
import { syncMObjects } from './sync-mobjects.ts';

/** Operations by name. Missing ones return fault 20019. */
export type OperationTable = { readonly [Name in OperationName]?: Operation<Name> };

/** The implemented operations. */
export const operationTable = {
  deleteMObjects,
  describeMObject,
  getChannels,
  getMObjects,
  getTags,
  listMObjects,
  syncMObjects,
} satisfies OperationTable;

/** The name of an implemented operation. */
export type ServedOperation = keyof typeof operationTable;
