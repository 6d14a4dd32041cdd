import { distance } from 'fastest-levenshtein';

/** Why one row of a call is FAILED. The message is the row's `error`; its neighbours go ahead. */
export class RowRefusal extends Error {
  override readonly name = 'RowRefusal';
}

/** Ends the row with FAILED and this text. */
export function refuse(text: string): never {
  throw new RowRefusal(text);
}

const QUOTED_AT_MOST = 80;

/** A value as it stands in a message: in quotes, long ones shortened. */
export function quote(text: string): string {
  const points = text.length > QUOTED_AT_MOST ? [...text] : undefined;
  if (points === undefined || points.length <= QUOTED_AT_MOST) return `"${text}"`;
  return `"${points.slice(0, QUOTED_AT_MOST).join('')}…" (${points.length} characters)`;
}

/** The name that was probably meant, for an unknown one; nothing if none is close. */
export function closestName(name: string, known: Iterable<string>): string | undefined {
  const folded = name.slice(0, 100).toLowerCase();
  let best: string | undefined;
  let bestDistance = (folded.length < 4 ? 1 : Math.max(2, Math.floor(folded.length / 3))) + 1;
  for (const candidate of known) {
    const apart = distance(folded, candidate.toLowerCase());
    if (apart < bestDistance) [best, bestDistance] = [candidate, apart];
  }
  return best;
}
