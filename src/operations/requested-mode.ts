import type { SyncOperation } from '../contract/enumerations.ts';
import type { Received } from '../contract/messages.ts';
import type { OperationName } from '../contract/operations.ts';

/** Returns the write mode that a call requests; null if it requests none or the operation has none. */
export function requestedMode(operation: OperationName | undefined, params: unknown): SyncOperation | null {
  switch (operation) {
    case 'syncMObjects':
    case 'syncCustomObjects':
      return (params as Received<'ParamsSyncMObjects' | 'ParamsSyncCustomObjects'>).operation ?? null;
    default:
      return null;
  }
}
