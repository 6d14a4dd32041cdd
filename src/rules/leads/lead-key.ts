import { type EnumerationValue, enumerations } from '../../contract/enumerations.ts';
import type { Received, UnreadableParts } from '../../contract/messages.ts';
import type { Draft } from '../draft.ts';
import type { WantedLookup } from '../facts.ts';
import { lookup } from '../lookups.ts';
import { readId } from '../numbers.ts';
import { CodedRefusal, quote } from '../refusal.ts';
import type { RowIdentity } from '../row.ts';
import { foldName } from '../schema.ts';
import { cookieForm } from './cookie.ts';

export type LeadKeyType = EnumerationValue<'LeadKeyRef'>;

/** A lead key (docs/behaviour-leads.md#2-which-lead-a-key-means). */
export interface LeadKey {
  readonly keyType: LeadKeyType;
  /** As sent. */
  readonly keyValue: string;
  /** What to look for; undefined: no lead can have the key. */
  readonly find: { readonly id: number } | WantedLookup | undefined;
}

const keyTypes = enumerations.LeadKeyRef;

/** Reads a lead key. Throws a `CodedRefusal`: 20101 if none was sent, 20102 for an unknown key type. */
export function readLeadKey(
  sent: Received<'LeadKey'> | null | undefined,
  unreadable: UnreadableParts,
): LeadKey {
  if (!sent) throw new CodedRefusal(20101, 'leadKey is missing; expected a keyType and a keyValue');
  const { keyType, keyValue = '' } = sent;
  if (keyType !== undefined) return leadKeyOf(keyType, keyValue);
  const unknown = unreadable.get(sent)?.find(({ element }) => element === 'keyType');
  if (unknown !== undefined) throw badKeyType(unknown.value);
  throw new CodedRefusal(20101, `keyType is missing; expected one of ${keyTypes.join(', ')}`);
}

/** Reads the name of a key type. Throws a `CodedRefusal` 20102 for an unknown one. */
export function readKeyType(sent: string): LeadKeyType {
  const name = sent.trim();
  const known = keyTypes.find((keyType) => keyType === name);
  if (known === undefined) throw badKeyType(sent);
  return known;
}

const badKeyType = (sent: string) =>
  new CodedRefusal(20102, `keyType ${quote(sent)}; expected one of ${keyTypes.join(', ')}`);

/** Returns a key of this type. */
export const leadKeyOf = (keyType: LeadKeyType, keyValue: string): LeadKey => ({
  keyType,
  keyValue,
  find: isPossible(keyValue) ? finding(keyType, keyValue.trim()) : undefined,
});

/**
 * More characters than the key of any lead has. The longest is a cookie of 500, where each can be sent as nine of a URL.
 */
const KEY_AT_MOST = 5000;

const isPossible = (value: string): boolean => value.length <= KEY_AT_MOST && value.trim() !== '';

function finding(keyType: LeadKeyType, value: string): LeadKey['find'] {
  switch (keyType) {
    case 'IDNUM': {
      const read = readId(value);
      return 'value' in read ? { id: Number(read.value) } : undefined;
    }
    case 'EMAIL':
      return lookup('Lead', 'email', value);
    case 'COOKIE': {
      const cookie = cookieForm(value);
      return cookie === '' ? undefined : lookup('LeadCookie', 'value', cookie);
    }
    default:
      return lookup('LeadCrmKey', 'key', keyType, crmKeyForm(keyType, value));
  }
}

/**
 * Returns the form in which CRM keys of a type are compared: addresses without case, ids of 15 or 18 characters by
 * their first 15, which have case; the other 3 say which case that is.
 */
export function crmKeyForm(keyType: string, value: string): string {
  const key = value.trim();
  if (keyType === 'LEADOWNEREMAIL') return foldName(key);
  return key.length === 18 ? key.slice(0, 15) : key;
}

/** Returns what a call must load to find the leads of these keys. */
export function leadKeysWanted(keys: Iterable<LeadKey>): {
  readonly ids: { readonly Lead: readonly number[] };
  readonly lookups: readonly WantedLookup[];
} {
  const Lead: number[] = [];
  const lookups: WantedLookup[] = [];
  for (const { find } of keys) {
    if (find === undefined) continue;
    if ('id' in find) Lead.push(find.id);
    else lookups.push(find);
  }
  return { ids: { Lead }, lookups };
}

/** The most leads of a key that calls look at: an owner can have very many. */
const LEADS_OF_KEY_AT_MOST = 1000;

/**
 * Returns the ids of all leads that have the key now, newest (highest) first. Refuses a key that over 1,000 leads have.
 */
export function leadsOf(draft: Draft, key: LeadKey): readonly number[] {
  const { find } = key;
  if (find === undefined) return [];
  if ('id' in find) return draft.record('Lead', find.id) === undefined ? [] : [find.id];
  const found = draft.upTo(find, LEADS_OF_KEY_AT_MOST);
  if (found === undefined) {
    throw new CodedRefusal(
      20110,
      `over ${LEADS_OF_KEY_AT_MOST} leads have ${key.keyType} = ${key.keyValue}; expected a key of fewer`,
    );
  }
  const ids = find.type === 'Lead' ? found : found.map((id) => holderOf(draft, find, id));
  return [...new Set(ids)].sort((a, b) => b - a);
}

/** Returns the id of the newest lead that has the key now. */
export function newestLeadOf(draft: Draft, key: LeadKey): number | undefined {
  // A newer key may belong to an older lead.
  if (key.find === undefined || 'id' in key.find || key.find.type !== 'Lead') return leadsOf(draft, key)[0];
  return draft.newest(key.find);
}

/** Returns the lead that a cookie or CRM key belongs to. */
function holderOf(draft: Draft, { type }: WantedLookup, id: number): number {
  return (draft.record(type as 'LeadCookie' | 'LeadCrmKey', id) as { leadId: number }).leadId;
}

const addressTypes: ReadonlySet<LeadKeyType> = new Set(['EMAIL', 'LEADOWNEREMAIL']);

/**
 * Returns a key as the journal shows it. Addresses are names, since the journal can be told to leave these out; an id is
 * that of the row.
 */
export function journaledKey({ keyType, keyValue }: LeadKey): {
  readonly echoedKey: RowIdentity['echoedKey'];
  readonly name: string | undefined;
} {
  if (addressTypes.has(keyType)) return { echoedKey: undefined, name: keyValue.trim() };
  return {
    echoedKey: keyType === 'IDNUM' ? undefined : { name: keyType, value: keyValue },
    name: undefined,
  };
}

const ownerTypes: ReadonlySet<LeadKeyType> = new Set(['LEADOWNEREMAIL', 'SFDCLEADOWNERID']);

/** Returns the refusal of a key that no lead has: 20103, or 20108 for the key of a lead owner. */
export function leadNotFound({ keyType, keyValue }: Pick<LeadKey, 'keyType' | 'keyValue'>): CodedRefusal {
  const isOwner = ownerTypes.has(keyType);
  return new CodedRefusal(
    isOwner ? 20108 : 20103,
    `No ${isOwner ? 'lead owner' : 'lead'} found with ${keyType} = ${keyValue}`,
  );
}
