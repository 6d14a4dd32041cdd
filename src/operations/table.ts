import type { OperationName } from '../contract/operations.ts';
import type { Operation } from './operation.ts';
import { syncMObjects } from './sync-mobjects.ts';

/** The operations that this server carries out. Those that the contract declares beyond them are fault 20019. */
export const operationTable: { readonly [Name in OperationName]?: Operation<Name> } = {
  syncMObjects,
};
