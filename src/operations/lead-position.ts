import { MAX_ID } from '../contract/fields.ts';
import { type LeadKey, leadKeyOf, readKeyType } from '../rules/leads/lead-key.ts';
import { quote } from '../rules/refusal.ts';
import { KEYS_AT_MOST } from './lead-selector.ts';
import { badPosition } from './stream-position.ts';

/** A place in the leads that getMultipleLeads answers, with all that continues from it. */
export interface LeadPosition {
  /** The id of the last lead so far. */
  readonly last: number;
  /** The window of updates, in seconds since 1970, both inclusive. `latest` of other leads: the time of the first page. */
  readonly oldest: number;
  readonly latest: number;
  /** The number of leads answered so far. */
  readonly offset: number;
  readonly remaining: number;
  /** The leads; undefined: those updated in the window. */
  readonly leads?:
    | { readonly kind: 'list'; readonly listId: number }
    | { readonly kind: 'keys'; readonly keys: readonly LeadKey[] };
}

/**
 * Writes a position in Marketo's form, which clients parse (docs/behaviour-leads.md#positions). That of a list or of keys
 * has a part of our own behind.
 */
export function writeLeadPosition({ last, oldest, latest, offset, remaining, leads }: LeadPosition): string {
  const position = `id:${last}:to:${oldest}:tl:${latest}:os:${offset}:rc:${remaining}`;
  if (leads === undefined) return position;
  if (leads.kind === 'list') return `${position}:ls:${leads.listId}`;
  const values = JSON.stringify(leads.keys.map(({ keyValue }) => keyValue));
  return `${position}:ky:${leads.keys[0]?.keyType}:${Buffer.from(values, 'utf8').toString('base64url')}`;
}

const POSITION =
  /^id:(\d+):to:(-?\d+):tl:(-?\d+):os:(\d+):rc:(\d+)(?::ls:(\d+)|:ky:([A-Z]+):([A-Za-z0-9_-]+))?$/;

/** The first second of the year 1 and the last one of 9999, in the zone where that is earliest and latest. */
const FIRST_SECOND = -62_135_596_800 - 14 * 3600;
const LAST_SECOND = 253_402_300_799 + 14 * 3600;

/** Reads a position that Marketo or this server wrote. Throws fault 20122 for any other text. */
export function readLeadPosition(text: string): LeadPosition {
  const parts = POSITION.exec(text.trim());
  if (parts === null) throw badPosition(`${quote(text)} is not of the form id:…:to:…:tl:…:os:…:rc:…`);
  const numbers = parts.slice(1, 6).map(Number) as [number, number, number, number, number];
  const [last, oldest, latest, offset, remaining] = numbers;
  const inTime = [oldest, latest].every((second) => second >= FIRST_SECOND && second <= LAST_SECOND);
  if (last > MAX_ID || !inTime || !numbers.every(Number.isSafeInteger)) {
    throw badPosition(`${quote(text)} has a number out of range`);
  }
  const position = { last, oldest, latest, offset, remaining };
  const [listId, keyType, values] = parts.slice(6);
  if (listId !== undefined) {
    if (Number(listId) > MAX_ID) throw badPosition(`${quote(text)} has a number out of range`);
    return { ...position, leads: { kind: 'list', listId: Number(listId) } };
  }
  if (keyType === undefined || values === undefined) return position;
  return { ...position, leads: { kind: 'keys', keys: readKeys(keyType, values) } };
}

function readKeys(type: string, encoded: string): LeadKey[] {
  try {
    const keyType = readKeyType(type);
    const values: unknown = JSON.parse(Buffer.from(encoded, 'base64url').toString('utf8'));
    if (Array.isArray(values) && values.length <= KEYS_AT_MOST && values.every(isText)) {
      return values.map((value) => leadKeyOf(keyType, value));
    }
  } catch {
    // Answered below.
  }
  throw badPosition('has keys that this server did not write');
}

const isText = (value: unknown): value is string => typeof value === 'string';
