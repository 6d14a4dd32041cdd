import { CUT_OFF, type Malformed } from './char-codes.ts';
import { isCharacter } from './xml-characters.ts';

/** Returns the text that a reference stands for and the index after it, or `CUT_OFF`. */
export interface Reference {
  readonly value: string;
  readonly end: number;
}

/** The predefined entities. Others would need a DOCTYPE, which is refused. */
const entities = [
  ['&lt;', '<'],
  ['&gt;', '>'],
  ['&amp;', '&'],
  ['&quot;', '"'],
  ['&apos;', "'"],
] as const;

/** Source of a regular expression that matches any of the entities. */
export const entityPattern = `(?:${entities.map(([written]) => written).join('|')})`;

const LONGEST_ENTITY = 6;
const unfinished: Reference = { value: '', end: CUT_OFF };

/** Messages for malformed references. */
export const referenceMistakes = {
  none: '"&" begins no reference that XML defines (&amp; &lt; &gt; &quot; &apos; or a number); in text it is written &amp;',
  number: 'a reference to a character that XML 1.0 does not have',
} as const;

/** Reads the reference that starts at that index; refuses anything else. */
export function referenceAt(text: string, at: number, malformed: Malformed): Reference {
  const reference = readReference(text, at);
  return typeof reference === 'string' ? malformed(referenceMistakes[reference], at) : reference;
}

/** Reads a reference (XML 1.0, productions 66 and 67), or says what is wrong with it. */
function readReference(text: string, at: number): Reference | keyof typeof referenceMistakes {
  if (text.charCodeAt(at + 1) === 0x23) return readNumber(text, at);
  for (const [written, value] of entities) {
    if (text.startsWith(written, at)) return { value, end: at + written.length };
  }
  if (text.length - at >= LONGEST_ENTITY) return 'none';
  const rest = text.slice(at);
  return entities.some(([written]) => written.startsWith(rest)) ? unfinished : 'none';
}

/** Returns the text with its references resolved, all of which must be well-formed and complete. */
export function resolveReferences(text: string): string {
  const first = text.indexOf('&');
  if (first < 0) return text;
  const { value, end } = completeReference(text, first);
  let at = text.indexOf('&', end);
  if (at < 0) return text.slice(0, first) + value + text.slice(end);
  // Joined once: V8 would make a rope of repeated concatenation, 32 bytes per part.
  const parts = [text.slice(0, first), value];
  let start = end;
  for (; at >= 0; at = text.indexOf('&', start)) {
    const reference = completeReference(text, at);
    parts.push(text.slice(start, at), reference.value);
    start = reference.end;
  }
  parts.push(text.slice(start));
  return parts.join('');
}

function completeReference(text: string, at: number): Reference {
  const reference = readReference(text, at);
  if (typeof reference === 'string' || reference === unfinished)
    throw new Error(`"${text}" has a malformed reference`);
  return reference;
}

function readNumber(text: string, at: number): ReturnType<typeof readReference> {
  const hexadecimal = text.charCodeAt(at + 2) === 0x78;
  const first = at + (hexadecimal ? 3 : 2);
  let code = 0;
  for (let index = first; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit === 0x3b && index > first) {
      return isCharacter(code) ? { value: String.fromCodePoint(code), end: index + 1 } : 'number';
    }
    const digit = digitOf(unit, hexadecimal);
    if (digit < 0) return 'none';
    // Capped beyond Unicode, so that a long number does not overflow.
    code = Math.min(code * (hexadecimal ? 16 : 10) + digit, 0x110000);
  }
  return unfinished;
}

function digitOf(unit: number, hexadecimal: boolean): number {
  if (unit >= 0x30 && unit <= 0x39) return unit - 0x30;
  const letter = unit | 0x20;
  return hexadecimal && letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
