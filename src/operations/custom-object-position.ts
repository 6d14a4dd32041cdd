import type { Backend } from '../backend.ts';
import { foldName } from '../rules/schema.ts';
import { readSignedText, writeSignedText } from './signed-text.ts';
import { badPosition } from './stream-position.ts';

/** The content of a position of getCustomObjects: the query, the place and the number left. */
export interface CustomObjectPosition {
  readonly typeName: string;
  /** Names and values of the keys, as sent. */
  readonly keys: readonly (readonly [name: string, value: string])[];
  readonly includeAttributes: readonly string[];
  /** The place after the last object; undefined: no object was found yet. */
  readonly after: string | undefined;
  /** The number of objects returned so far. */
  readonly returned: number;
  /** The number of objects behind the place. */
  readonly left: number;
}

/** A position as Marketo wrote it: it only says how many objects to pass over. */
export interface ForeignPosition {
  /** The values of the first key asked for. */
  readonly ky: readonly string[];
  readonly os: number;
}

const VERSION = 1;
const PURPOSE = 'position of custom objects';

type Sign = Backend['sign'];

/** Encodes a position in Marketo's form, `{"ky":[…],"os":n}`, with a signed member of ours. */
export async function writePosition(position: CustomObjectPosition, sign: Sign): Promise<string> {
  const { typeName, keys, includeAttributes, after, returned, left } = position;
  const text = JSON.stringify([VERSION, typeName, keys, includeAttributes, after ?? null, returned, left]);
  const signed = await writeSignedText(PURPOSE, text, sign);
  return JSON.stringify({ ky: firstKeyValues(keys), os: returned, at: signed });
}

/** Returns the values of the first key. */
export function firstKeyValues(keys: CustomObjectPosition['keys']): string[] {
  const first = foldName(keys[0]?.[0] ?? '');
  return keys.filter(([name]) => foldName(name) === first).map(([, value]) => value);
}

/** Decodes a position of ours or of Marketo's. Rejects with fault 20122 if it is neither. */
export async function readPosition(
  text: string,
  sign: Sign,
): Promise<CustomObjectPosition | ForeignPosition> {
  const { ky, os, at } = parse(text);
  if (at === undefined) {
    if (isTexts(ky) && Number.isSafeInteger(os) && Number(os) >= 0) return { ky, os: Number(os) };
    throw badPosition('is not of the form {"ky":[…],"os":n}');
  }
  const signed = typeof at === 'string' ? await readSignedText(PURPOSE, at, sign) : undefined;
  if (signed === undefined) throw badPosition('was not issued by this instance, or was modified');
  const [version, typeName, keys, includeAttributes, after, returned, left] = JSON.parse(signed);
  if (version !== VERSION) throw badPosition('is of another version of this server; start again without it');
  return { typeName, keys, includeAttributes, after: after ?? undefined, returned, left };
}

function parse(text: string): { readonly ky?: unknown; readonly os?: unknown; readonly at?: unknown } {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null) return parsed;
  } catch {
    // Refused below, as other texts that are no position.
  }
  throw badPosition('is not of the form {"ky":[…],"os":n}');
}

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'string');
