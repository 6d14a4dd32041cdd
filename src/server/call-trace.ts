import { randomUUID } from 'node:crypto';
import type { MObjStatus, SyncOperation } from '../contract/enumerations.ts';
import type { SoapFault } from '../contract/faults.ts';
import type { OperationName } from '../contract/operations.ts';
import type { OperationOutcome } from '../operations/operation.ts';

/** What is known of a call while it is on its way, for log, journal and metrics. */
export interface CallTrace {
  /** The same in log and journal. */
  readonly callId: string;
  /** Milliseconds, `performance.now()`. */
  readonly began: number;
  /** The operation, or the name of an unknown request element. */
  operation: string | null;
  /** Whether `operation` is one that the contract declares. */
  known: boolean;
  /** INSERT, UPDATE or UPSERT, as the call asked for it; null for operations without. */
  mode: SyncOperation | null;
  /** Set once the signature was found right. */
  userId: string | null;
  /** How many rows of the answer have which status. */
  readonly rows: Map<MObjStatus, number>;
  /** Undefined: the operation has not come to an answer. */
  answered: Pick<OperationOutcome<OperationName>, 'mode' | 'isJournaled'> | undefined;
  fault: SoapFault | undefined;
  /** Whether the second thread was to carry it out. */
  handedOver: boolean;
}

export function createTrace(callId: string = randomUUID()): CallTrace {
  return {
    callId,
    began: performance.now(),
    operation: null,
    known: false,
    mode: null,
    userId: null,
    rows: new Map(),
    answered: undefined,
    fault: undefined,
    handedOver: false,
  };
}
