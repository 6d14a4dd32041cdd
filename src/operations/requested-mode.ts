import type { SyncOperation } from '../contract/enumerations.ts';
import type { Received } from '../contract/messages.ts';
import type { OperationName } from '../contract/operations.ts';

/** Returns how a call wants to write, of the operations that say so; null for others, and if it does not say it. */
export function requestedMode(operation: OperationName | undefined, params: unknown): SyncOperation | null {
  switch (operation) {
    case 'syncMObjects':
    case 'syncCustomObjects':
      return (params as Received<'ParamsSyncMObjects' | 'ParamsSyncCustomObjects'>).operation ?? null;
    default:
      return null;
  }
}
