import { MAX_MOBJECTS_PER_CALL } from '../contract/fields.ts';
import type { OperationName } from '../contract/operations.ts';
import { MktowsError, MktowsNoAnswer } from './errors.ts';

/**
 * Calls in parts of `size` items, one after the other. `pair` reads the results of a part, and throws if the answer does
 * not fit. If a call fails, `answered` of the error has the results of those before it.
 */
export async function inParts<Item, Answer, Result extends MktowsError['answered'][number]>(
  operation: OperationName,
  items: readonly Item[],
  callPart: (part: readonly Item[], start: number) => Promise<Answer>,
  pair: (part: readonly Item[], answer: Answer) => Result[],
  size: number = MAX_MOBJECTS_PER_CALL,
): Promise<Result[]> {
  const results: Result[] = [];
  let start = 0;
  do {
    const part = items.slice(start, start + size);
    try {
      const answer = await callPart(part, start);
      results.push(...understood(operation, () => pair(part, answer)));
    } catch (error) {
      if (error instanceof MktowsError) error.answered = results;
      throw error;
    }
    start += size;
  } while (start < items.length);
  return results;
}

/** Reads an answer. What cannot be read counts as no answer. */
export function understood<Result>(operation: OperationName, read: () => Result): Result {
  try {
    return read();
  } catch (cause) {
    const message = `The answer to ${operation} does not fit: ${(cause as Error).message}`;
    throw new MktowsNoAnswer(operation, message, { reason: 'answer', outcomeUnknown: true, cause });
  }
}
