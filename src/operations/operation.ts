import type { Message, Received, UnreadableParts } from '../contract/messages.ts';
import type { AnswerTypeOf, OperationName, RequestTypeOf } from '../contract/operations.ts';
import type { JournalRow } from '../rules/facts.ts';
import type { MObjectSettings } from '../rules/settings.ts';
import type { Store } from '../store/store.ts';

/** What an operation works with. */
export interface OperationContext {
  readonly store: Store;
  readonly settings: MObjectSettings;
  /** What log and journal call it. */
  readonly callId: string;
  /** The time of the call. */
  readonly now: Date;
  readonly caller: { readonly userId: string; readonly address: string | null };
}

/** A decoded request of an operation. */
export interface OperationCall<Name extends OperationName> {
  readonly params: Received<RequestTypeOf<Name>>;
  readonly unreadable: UnreadableParts;
}

/** An operation's answer, and what the journal is to say of the call unless the operation has already said it. */
export interface OperationOutcome<Name extends OperationName> {
  readonly answer: Message<AnswerTypeOf<Name>>;
  readonly journal: 'written' | { readonly mode: string | null; readonly rows: readonly JournalRow[] };
}

/**
 * Carries out one operation: message in, message out. Throws `SoapFault` where the whole call is refused;
 * `StoreError` passes through.
 */
export type Operation<Name extends OperationName> = (
  call: OperationCall<Name>,
  context: OperationContext,
) => Promise<OperationOutcome<Name>>;
