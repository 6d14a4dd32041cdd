import type { OperationName } from '../contract/operations.ts';
import type { CustomObjectDeleteResult, CustomObjectSyncResult } from './custom-objects.ts';
import type { LeadResult, ListResult } from './lead-objects.ts';
import type { DeleteResult, SyncResult } from './results.ts';

/** The result of an object of a call that is sent in parts. */
export type AnsweredResult =
  | SyncResult
  | DeleteResult
  | LeadResult
  | ListResult
  | CustomObjectSyncResult
  | CustomObjectDeleteResult;

/** An error of a call. */
export abstract class MktowsError extends Error {
  readonly operation: OperationName;
  /**
   * Results of the objects before the part that failed, in order. Calls of many objects are sent in parts; the parts
   * before the failed one were applied, those after it were not sent.
   */
  answered: readonly AnsweredResult[] = [];

  constructor(operation: OperationName, message: string, options?: ErrorOptions) {
    super(message, options);
    this.operation = operation;
  }
}

/**
 * The server refused the call with a SOAP fault. Nothing of it was applied, unless the message of a 20011 says so, or an
 * earlier attempt was not answered.
 */
export class MktowsFault extends MktowsError {
  override readonly name = 'MktowsFault';
  /** 20011 to 20123; undefined if the fault has none. docs/errors.md lists them. */
  readonly code: number | undefined;
  /** The call's id in the server's log and journal, if the server names it. */
  readonly callId: string | undefined;
  readonly faultcode: string;
  readonly faultstring: string;

  constructor(
    operation: OperationName,
    fault: {
      readonly message: string;
      readonly code: number | undefined;
      readonly faultcode: string;
      readonly faultstring: string;
      readonly callId: string | undefined;
    },
  ) {
    super(operation, fault.message || fault.faultstring);
    this.code = fault.code;
    this.callId = fault.callId;
    this.faultcode = fault.faultcode;
    this.faultstring = fault.faultstring;
  }
}

/**
 * Why there is no answer: the signal ended the call, the time was up, the connection failed, or what came is no answer
 * of the API (a proxy's error page, for instance).
 */
export type NoAnswerReason = 'aborted' | 'timeout' | 'connection' | 'answer';

/** There is no answer. `cause` is the error behind it. */
export class MktowsNoAnswer extends MktowsError {
  override readonly name = 'MktowsNoAnswer';
  readonly reason: NoAnswerReason;
  /** True if an attempt may have been applied nevertheless; false if none reached a server. */
  readonly outcomeUnknown: boolean;

  constructor(
    operation: OperationName,
    message: string,
    details: { readonly reason: NoAnswerReason; readonly outcomeUnknown: boolean; readonly cause?: unknown },
  ) {
    super(operation, message, details.cause === undefined ? undefined : { cause: details.cause });
    this.reason = details.reason;
    this.outcomeUnknown = details.outcomeUnknown;
  }
}
