import { distance } from 'fastest-levenshtein';
import { type FaultCode, SoapFault } from '../contract/faults.ts';
import { characterCount, shortened } from '../contract/shortened.ts';

/** Fails one row of a call. The message becomes the row's `error`; other rows are not affected. */
export class RowRefusal extends Error {
  override readonly name = 'RowRefusal';
}

/** Error texts quote names and values of any length, so they are cut to this many characters. */
const REFUSAL_AT_MOST = 2000;

/**
 * A refusal with a code of the fault table: a fault of a call about one lead, and a FAILED row of a call about many,
 * whose `error` begins with the code as Marketo's did (docs/behaviour-leads.md#row-errors).
 */
export class CodedRefusal extends RowRefusal {
  readonly code: FaultCode;
  /** The text without the code. */
  readonly text: string;

  constructor(code: FaultCode, text: string) {
    super(shortened(`${code} - ${text}`, REFUSAL_AT_MOST));
    this.code = code;
    this.text = text;
  }

  /** Returns the fault that ends a whole call. */
  fault(): SoapFault {
    return new SoapFault(this.code, this.text);
  }
}

/** Throws a `RowRefusal` with this text. */
export function refuse(text: string): never {
  throw new RowRefusal(shortened(text, REFUSAL_AT_MOST));
}

const QUOTED_AT_MOST = 80;

/** Returns a value in quotes for a message, shortened if it is long. */
export function quote(text: string): string {
  if (text.length <= QUOTED_AT_MOST) return `"${text}"`;
  return `"${shortened(text, QUOTED_AT_MOST)}" (${characterCount(text)} characters)`;
}

/** Longer names get no suggestion: comparing them with every known name is too slow. */
const SUGGESTED_AT_MOST = 60;

/** Of more known names only the first are compared. */
const COMPARED_AT_MOST = 1000;

/** Returns the known name closest to an unknown one; undefined if none is similar. */
export function closestName(name: string, known: Iterable<string>): string | undefined {
  if (name.length > SUGGESTED_AT_MOST) return undefined;
  const folded = name.toLowerCase();
  let best: string | undefined;
  let bestDistance = (folded.length < 4 ? 1 : Math.max(2, Math.floor(folded.length / 3))) + 1;
  let compared = 0;
  for (const candidate of known) {
    // The length difference is a lower bound of the distance.
    if (Math.abs(candidate.length - folded.length) >= bestDistance) continue;
    compared += 1;
    if (compared > COMPARED_AT_MOST) break;
    const apart = distance(folded, candidate.toLowerCase());
    if (apart < bestDistance) [best, bestDistance] = [candidate, apart];
  }
  return best;
}
