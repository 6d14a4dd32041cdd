import type { Message, Received } from '../contract/messages.ts';
import type { AnswerTypeOf, OperationName, RequestTypeOf } from '../contract/operations.ts';

export interface CallOptions {
  /** Ends the call, and with it its retries. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds within which each attempt must be answered; default: that of the client. */
  readonly timeout?: number | undefined;
}

/**
 * Calls an operation with a message as the WSDL declares it. Returns the answer as it was received. `workspace`: of the
 * call's MktowsContextHeader.
 */
export type Call = <Name extends OperationName>(
  operation: Name,
  params: Message<RequestTypeOf<Name>>,
  options?: CallOptions & { readonly workspace?: string | undefined },
) => Promise<Received<AnswerTypeOf<Name>>>;
