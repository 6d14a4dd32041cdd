import { SoapFault } from '../contract/faults.ts';
import type { Received, UnreadableParts } from '../contract/messages.ts';
import { type LeadKey, leadKeyOf, readLeadKey } from '../rules/leads/lead-key.ts';
import type { NamedList } from '../rules/lists/static-list.ts';
import { quote } from '../rules/refusal.ts';
import { instantOf } from '../rules/utc-time.ts';
import { readDatetime } from '../rules/values.ts';

/** The leads that a leadSelector names (docs/behaviour-leads.md#selectors). Times are seconds since 1970. */
export type NamedLeads =
  | {
      readonly kind: 'keys';
      /** The first ones, at most `KEYS_AT_MOST`. */
      readonly keys: readonly LeadKey[];
      /** The number of keys sent. */
      readonly sent: number;
    }
  | { readonly kind: 'list'; readonly list: NamedList }
  | { readonly kind: 'updated'; readonly oldest: number; readonly latest: number | undefined };

/** The most keys of a selector that are looked for: reading a key takes time. */
export const KEYS_AT_MOST = 100;

type Selector = Received<'LeadSelector'>;

/**
 * Reads a leadSelector. Throws a `CodedRefusal` 20102 for an unknown key type, and fault 20109 or 20110 for parts that
 * are missing or unreadable. `timeZone`: of times without an offset.
 */
export function readLeadSelector(
  selector: Selector,
  unreadable: UnreadableParts,
  timeZone: string,
): NamedLeads {
  switch (selector.$type) {
    case 'LeadKeySelector': {
      const { keyValues } = selector;
      const { keyType } = readLeadKey(selector, unreadable);
      if (keyValues === undefined) throw missing('keyValues');
      const { stringItem } = keyValues;
      const keys = stringItem.slice(0, KEYS_AT_MOST).map((value) => leadKeyOf(keyType, value));
      return { kind: 'keys', keys, sent: stringItem.length };
    }
    case 'StaticListSelector':
      return { kind: 'list', list: namedList(selector) };
    case 'LastUpdateAtSelector': {
      const oldest = readSeconds('oldestUpdatedAt', selector.oldestUpdatedAt, timeZone);
      if (oldest === undefined) throw missing('oldestUpdatedAt');
      return {
        kind: 'updated',
        oldest,
        latest: readSeconds('latestUpdatedAt', selector.latestUpdatedAt, timeZone),
      };
    }
  }
}

function namedList({ staticListId: id, staticListName: name }: Selector & { $type: 'StaticListSelector' }) {
  if (id != null && id > 0) return { id };
  if (name == null || name.trim() === '') throw missing('staticListId or staticListName');
  return { name };
}

const missing = (element: string) => new SoapFault(20109, `leadSelector: ${element} is missing`);

/** Reads a time in whole seconds since 1970; undefined if none was sent. Throws fault 20110 for an invalid one. */
export function readSeconds(
  element: string,
  sent: string | null | undefined,
  timeZone: string,
): number | undefined {
  if (sent == null || sent.trim() === '') return undefined;
  const read = readDatetime(sent.trim(), timeZone);
  if ('problem' in read) throw new SoapFault(20110, `${element}: ${quote(sent)}; ${read.problem}`);
  return Math.floor(instantOf(String(read.value)) / 1000);
}
