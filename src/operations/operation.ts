import type { Backend } from '../backend.ts';
import type { RowStatus } from '../contract/enumerations.ts';
import type { Message, Received, UnreadableParts } from '../contract/messages.ts';
import type { AnswerTypeOf, OperationName, RequestTypeOf } from '../contract/operations.ts';
import type { MObjectSettings } from '../rules/settings.ts';

/** The dependencies of an operation. */
export interface OperationContext {
  readonly backend: Backend;
  readonly settings: MObjectSettings;
  /** The time of the call. */
  readonly now: Date;
  /** The major API version of the endpoint; not given: 2. */
  readonly version?: number;
}

/** A decoded request. */
export interface OperationCall<Name extends OperationName> {
  readonly params: Received<RequestTypeOf<Name>>;
  readonly unreadable: UnreadableParts;
  /** The workspace that MktowsContextHeader names, as sent; for syncLead. Undefined: none. */
  readonly targetWorkspace?: string | undefined;
}

export interface OperationOutcome<Name extends OperationName> {
  readonly answer: Message<AnswerTypeOf<Name>>;
  /** A short form of the request, as in the journal. */
  readonly mode: string | null;
  /** The result of each row, or how many have a result; empty for operations without rows. */
  readonly rows: readonly { readonly status: RowStatus; readonly count?: number }[];
  /**
   * The journal entry was written together with the changes. If false, the call was a read, and the server journals
   * it without rows.
   */
  readonly isJournaled: boolean;
}

/**
 * Handles one operation: message in, message out. Throws `SoapFault` if it refuses the whole call; passes on errors
 * of the backend.
 */
export type Operation<Name extends OperationName> = (
  call: OperationCall<Name>,
  context: OperationContext,
) => Promise<OperationOutcome<Name>>;

/** Returns the outcome of an operation that only reads. */
export const readOutcome = <Name extends OperationName>(
  mode: string | null,
  answer: Message<AnswerTypeOf<Name>>,
): OperationOutcome<Name> => ({ answer, mode, rows: [], isJournaled: false });
