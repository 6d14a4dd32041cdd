import type { ServerResponse } from 'node:http';
import { SoapFault } from '../contract/faults.ts';
import { UNCOUNTED_BYTES } from './http-caps.ts';
import type { RefusalCap } from './metrics.ts';

/** Limits the memory of answers that clients have not read yet. */
export interface HeldAnswers {
  /**
   * Counts an answer of this length until its response is closed; a second call replaces the length. Throws fault
   * 20024 if there is no room and `mayRefuse` is set, which is not the case for calls that changed something.
   */
  hold(response: ServerResponse, bytes: number, mayRefuse: boolean): void;
  /** The bytes that currently count against the cap. */
  readonly counted: number;
}

export interface HeldAnswersCaps {
  /** For all answers together (`HttpCaps`). */
  readonly maxAnswersBytes: number;
  readonly refused: (cap: RefusalCap) => void;
}

export function createHeldAnswers({ maxAnswersBytes, refused }: HeldAnswersCaps): HeldAnswers {
  const countedFor = new Map<ServerResponse, number>();
  let counted = 0;

  function release(response: ServerResponse): void {
    counted -= countedFor.get(response) ?? 0;
    countedFor.delete(response);
  }

  return {
    hold(response, length, mayRefuse) {
      const bytes = length - UNCOUNTED_BYTES;
      const before = countedFor.get(response);
      if (before === undefined && (bytes <= 0 || response.closed)) return;
      const others = counted - (before ?? 0);
      if (mayRefuse && others + bytes > maxAnswersBytes) {
        refused('answers');
        throw noRoom(maxAnswersBytes);
      }
      if (before === undefined) response.on('close', () => release(response));
      counted = others + Math.max(0, bytes);
      countedFor.set(response, Math.max(0, bytes));
    },
    get counted() {
      return counted;
    },
  };
}

const noRoom = (most: number) =>
  new SoapFault(
    20024,
    `Answers that clients have not read use all ${most} bytes reserved for them (--max-answers); retry when they have been read`,
  );
