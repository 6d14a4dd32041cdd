import { setTimeout as wait } from 'node:timers/promises';
import { type FaultCode, faultCodes, SoapFault } from '../contract/faults.ts';
import { operationTable, type ServedOperation } from '../operations/table.ts';
import type { AroundCall } from '../server/call.ts';

/** The failure of a call. */
export type Failure = {
  /** Only a call of this operation; without it the next call of any operation. */
  readonly operation?: ServedOperation | undefined;
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

/** The failures that are still to come. */
export interface Failures {
  add(failure: Failure): void;
  clear(): void;
  /** Returns whether the connection of this call must end without an answer. Asked once for each call. */
  drops(callId: string): boolean;
  /** Carries out a call, or has it fail as was asked for. */
  readonly around: AroundCall;
}

/** `received` is told of each call before it is carried out. */
export function createFailures(received: (callId: string, params: unknown) => void): Failures {
  let pending: { failure: Failure; times: number }[] = [];
  const dropped = new Set<string>();

  function take(operation: ServedOperation): Failure | undefined {
    const found = pending.find(({ failure }) => (failure.operation ?? operation) === operation);
    if (found === undefined) return undefined;
    found.times -= 1;
    if (found.times === 0) pending = pending.filter((each) => each !== found);
    return found.failure;
  }

  return {
    add(failure) {
      const { operation, times = 1 } = failure;
      if (operation !== undefined && !Object.hasOwn(operationTable, operation)) {
        throw new TypeError(`failNext: operation "${operation}"; expected one of ${served.join(', ')}`);
      }
      if (!Number.isInteger(times) || times < 1)
        throw new TypeError(`failNext: times is ${times}; expected 1 or more`);
      if ('fault' in failure && !faultCodes.includes(failure.fault)) {
        throw new TypeError(`failNext: fault ${failure.fault}; expected one of ${faultCodes.join(', ')}`);
      }
      if (!('fault' in failure || 'delay' in failure || 'drop' in failure)) {
        throw new TypeError('failNext: expected a fault, a delay or a drop');
      }
      pending.push({ failure, times });
    },
    clear() {
      pending = [];
    },
    drops: (callId) => dropped.delete(callId),
    async around({ operation, params, callId }, perform) {
      received(callId, params);
      const failure = take(operation);
      if (failure === undefined) return perform();
      if ('fault' in failure) throw new SoapFault(failure.fault, failure.message);
      if ('delay' in failure) await wait(failure.delay);
      else {
        dropped.add(callId);
        if (failure.drop === 'before')
          throw new SoapFault(20011, 'The connection is dropped before the call');
      }
      return perform();
    },
  };
}

const served = Object.keys(operationTable) as ServedOperation[];
