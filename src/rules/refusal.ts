import { distance } from 'fastest-levenshtein';
import { characterCount, shortened } from '../contract/shortened.ts';

/** Why one row of a call is FAILED. The message is the row's `error`; its neighbours go ahead. */
export class RowRefusal extends Error {
  override readonly name = 'RowRefusal';
}

/** A refusal quotes names and values, which can be of any length. */
const REFUSAL_AT_MOST = 2000;

/** Ends the row with FAILED and this text. */
export function refuse(text: string): never {
  throw new RowRefusal(shortened(text, REFUSAL_AT_MOST));
}

const QUOTED_AT_MOST = 80;

/** A value as it stands in a message: in quotes, long ones shortened. */
export function quote(text: string): string {
  if (text.length <= QUOTED_AT_MOST) return `"${text}"`;
  return `"${shortened(text, QUOTED_AT_MOST)}" (${characterCount(text)} characters)`;
}

/** For longer names no other one is suggested: to compare them with all names there are takes long. */
const SUGGESTED_AT_MOST = 60;

/** The name that was probably meant, for an unknown one; nothing if none is close. */
export function closestName(name: string, known: Iterable<string>): string | undefined {
  if (name.length > SUGGESTED_AT_MOST) return undefined;
  const folded = name.toLowerCase();
  let best: string | undefined;
  let bestDistance = (folded.length < 4 ? 1 : Math.max(2, Math.floor(folded.length / 3))) + 1;
  for (const candidate of known) {
    // Names of such different lengths are further apart than the best.
    if (Math.abs(candidate.length - folded.length) >= bestDistance) continue;
    const apart = distance(folded, candidate.toLowerCase());
    if (apart < bestDistance) [best, bestDistance] = [candidate, apart];
  }
  return best;
}
