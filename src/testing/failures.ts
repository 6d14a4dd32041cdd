import { type FaultCode, faultCodes } from '../contract/faults.ts';
import { type OperationName, operationNames } from '../contract/operations.ts';
import type { ChaosRule } from '../server/chaos.ts';

/** The failure of a call. */
export type Failure = {
  /** Only a call of this operation; without it the next call of any operation. */
  readonly operation?: OperationName | undefined;
  /** The number of calls that fail. Default: 1. */
  readonly times?: number | undefined;
} & (
  | {
      /** The call is answered with this fault, and not applied. */
      readonly fault: FaultCode;
      /** Text of the fault; default: the short text of its code. */
      readonly message?: string | undefined;
    }
  | {
      /** The call is carried out after so many milliseconds. */
      readonly delay: number;
    }
  | {
      /** The connection ends without an answer, `before` or `after` the call is applied. */
      readonly drop: 'before' | 'after';
    }
);

/** Returns the rule of a failure. Throws `TypeError` if it is none. */
export function ruleOf(failure: Failure): ChaosRule {
  const { operation, times = 1 } = failure;
  if (operation !== undefined && !operationNames.includes(operation)) {
    throw new TypeError(`failNext: operation "${operation}"; expected one of ${operationNames.join(', ')}`);
  }
  if (!Number.isInteger(times) || times < 1)
    throw new TypeError(`failNext: times is ${times}; expected 1 or more`);
  if ('fault' in failure && !faultCodes.includes(failure.fault)) {
    throw new TypeError(`failNext: fault ${failure.fault}; expected one of ${faultCodes.join(', ')}`);
  }
  if ('delay' in failure && !(failure.delay >= 0)) {
    throw new TypeError(`failNext: delay is ${failure.delay}; expected milliseconds, 0 or more`);
  }
  if ('drop' in failure && !['before', 'after'].includes(failure.drop)) {
    throw new TypeError(`failNext: drop is "${failure.drop}"; expected before or after`);
  }
  if (!('fault' in failure || 'delay' in failure || 'drop' in failure)) {
    throw new TypeError('failNext: expected a fault, a delay or a drop');
  }
  return {
    operation: operation ?? 'any',
    probability: 1,
    delayMs: 'delay' in failure ? failure.delay : null,
    cut: 'drop' in failure ? failure.drop : null,
    fault: 'fault' in failure ? failure.fault : null,
    message: ('message' in failure && failure.message) || null,
    faultWhen: 'before',
    times,
  };
}
