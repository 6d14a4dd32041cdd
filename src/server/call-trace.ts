import { randomUUID } from 'node:crypto';
import type { RowStatus, SyncOperation } from '../contract/enumerations.ts';
import type { SoapFault } from '../contract/faults.ts';
import type { Received } from '../contract/messages.ts';
import type { OperationName } from '../contract/operations.ts';
import type { OperationOutcome } from '../operations/operation.ts';

/** The progress of a call, for log, journal and metrics. */
export interface CallTrace {
  /** Also the call's id in log and journal. */
  readonly callId: string;
  /** Start time, from `performance.now()` in milliseconds. */
  readonly began: number;
  /** The operation, or the name of an unknown request element. */
  operation: string | null;
  /** `operation` is declared in the contract. */
  known: boolean;
  /** INSERT, UPDATE or UPSERT as requested; null for operations without a mode. */
  mode: SyncOperation | null;
  /** The Header as sent, once it has been read; not verified. */
  header: Received<'AuthenticationHeaderInfo'> | undefined;
  /** Set once the signature has been verified. */
  userId: string | null;
  /** The number of rows by status. */
  readonly rows: Map<RowStatus, number>;
  /** Undefined: the operation has not finished. */
  answered: Pick<OperationOutcome<OperationName>, 'mode' | 'isJournaled'> | undefined;
  fault: SoapFault | undefined;
  /** The call was sent to the call worker. */
  onWorker: boolean;
}

export function createTrace(callId: string = randomUUID()): CallTrace {
  return {
    callId,
    began: performance.now(),
    operation: null,
    known: false,
    mode: null,
    header: undefined,
    userId: null,
    rows: new Map(),
    answered: undefined,
    fault: undefined,
    onWorker: false,
  };
}
