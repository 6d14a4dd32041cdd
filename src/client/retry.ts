import type { Message } from '../contract/messages.ts';
import type { OperationName, RequestTypeOf } from '../contract/operations.ts';
import { MktowsFault, MktowsNoAnswer } from './errors.ts';
import { isRepeatable } from './repeatable.ts';
import { aborted, type Send, type SendOptions } from './transport.ts';

export interface RetryOptions {
  /** The maximum number of times that a call is sent again. */
  readonly retries: number;
  /** Milliseconds before the first retry; each further wait is twice as long. */
  readonly retryDelay: number;
  /** Also repeats calls that may add or delete twice. */
  readonly retryUnsafe: boolean;
}

const RATE_LIMIT = 20023;
const CONCURRENCY_LIMIT = 20024;
const INTERNAL_ERROR = 20011;

/** The rate limit counts calls of 20 seconds, so that one waits longer for it. */
const RATE_LIMIT_FACTOR = 4;
const LONGEST_DELAY = 30_000;

/** Sends calls again where that is safe. Rejects as `send` does, with the error of the last attempt. */
export function withRetries(send: Send, { retries, retryDelay, retryUnsafe }: RetryOptions): Send {
  return async (operation, params, options) => {
    let outcomeUnknown = false;
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await send(operation, params, options);
      } catch (error) {
        outcomeUnknown ||= mayBeApplied(error);
        if (attempt >= retries || !mayBeSentAgain(error, operation, params, retryUnsafe))
          throw outcomeUnknown ? ofAllAttempts(error, operation) : error;
        const factor = isFault(error, RATE_LIMIT) ? RATE_LIMIT_FACTOR : 1;
        const longest = Math.min(retryDelay * 2 ** attempt * factor, LONGEST_DELAY);
        await pause(longest * (0.5 + Math.random() / 2), operation, outcomeUnknown, options);
      }
    }
  };
}

const isFault = (error: unknown, ...codes: number[]) =>
  error instanceof MktowsFault && error.code !== undefined && codes.includes(error.code);

function mayBeSentAgain<Name extends OperationName>(
  error: unknown,
  operation: Name,
  params: Message<RequestTypeOf<Name>>,
  retryUnsafe: boolean,
): boolean {
  if (isFault(error, RATE_LIMIT, CONCURRENCY_LIMIT)) return true;
  if (error instanceof MktowsNoAnswer) {
    if (error.reason === 'aborted') return false;
    if (!error.outcomeUnknown) return true;
  } else if (!isFault(error, INTERNAL_ERROR)) return false;
  return retryUnsafe || isRepeatable(operation, params);
}

const mayBeApplied = (error: unknown): boolean =>
  error instanceof MktowsNoAnswer ? error.outcomeUnknown : isFault(error, INTERNAL_ERROR);

/** Returns the error of the last attempt, for a call that an earlier one may have applied. */
function ofAllAttempts(error: unknown, operation: OperationName): unknown {
  if (!(error instanceof MktowsNoAnswer) || error.outcomeUnknown) return error;
  const message = `${error.message}; an earlier attempt may have been applied`;
  return new MktowsNoAnswer(operation, message, { reason: error.reason, outcomeUnknown: true, cause: error });
}

/** Waits, unless the signal ends the call meanwhile. */
function pause(
  milliseconds: number,
  operation: OperationName,
  outcomeUnknown: boolean,
  { signal }: SendOptions,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer);
      reject(aborted(operation, outcomeUnknown, signal?.reason));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort);
      resolve();
    }, milliseconds);
    if (signal?.aborted) abort();
    else signal?.addEventListener('abort', abort, { once: true });
  });
}
