import type { Backend } from '../backend.ts';
import type { MObjStatus } from '../contract/enumerations.ts';
import type { Message, Received, UnreadableParts } from '../contract/messages.ts';
import type { AnswerTypeOf, OperationName, RequestTypeOf } from '../contract/operations.ts';
import type { MObjectSettings } from '../rules/settings.ts';

/** What an operation works with. */
export interface OperationContext {
  readonly backend: Backend;
  readonly settings: MObjectSettings;
  /** The time of the call. */
  readonly now: Date;
}

/** A decoded request of an operation. */
export interface OperationCall<Name extends OperationName> {
  readonly params: Received<RequestTypeOf<Name>>;
  readonly unreadable: UnreadableParts;
}

export interface OperationOutcome<Name extends OperationName> {
  readonly answer: Message<AnswerTypeOf<Name>>;
  /** What was asked for, in short, as the journal says it. */
  readonly mode: string | null;
  /** What became of each row; empty for operations without rows. */
  readonly rows: readonly { readonly status: MObjStatus }[];
  /**
   * Whether the journal entry was written with what the call changed. If not, the call was a read, and the server notes
   * an entry without rows.
   */
  readonly isJournaled: boolean;
}

/**
 * Carries out one operation: message in, message out. Throws `SoapFault` where the whole call is refused; errors of the
 * backend pass through.
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
