import type { FieldDefinition } from '../../contract/fields.ts';
import type { Received } from '../../contract/messages.ts';
import type { WantedLookup } from '../facts.ts';
import { lookup } from '../lookups.ts';
import { CodedRefusal, RowRefusal } from '../refusal.ts';
import type { RowIdentity, SentValue } from '../row.ts';
import { describeUnreadable, firstUnreadable } from '../unreadable.ts';
import { type LeadContext, type LeadValues, readEmail, readLeadValues } from './lead-values.ts';

/** An id of a lead in another system. */
export interface ForeignId {
  readonly type: string;
  readonly value: string;
}

/** A row that writes a lead (docs/behaviour-leads.md#3-synclead). */
export interface LeadRow extends RowIdentity {
  readonly kind: 'Lead';
  readonly foreignId: ForeignId | undefined;
  /** Finds the leads with the address that the lead is looked for by; undefined: by none. */
  readonly emailKey: WantedLookup | undefined;
  /** As stored. */
  readonly cookie: string | undefined;
  /** What the element Email sets; undefined: nothing. */
  readonly email: SentValue['value'] | undefined;
  /** What the attribute Email sets, which is always written; undefined: nothing. */
  readonly emailAttribute: SentValue['value'] | undefined;
  /** The other attributes, one per field. */
  readonly values: readonly SentValue[];
  /** The fields in `values` that are not defined yet. */
  readonly newFields: readonly FieldDefinition[];
}

/** A row that cannot be read. */
export interface RefusedLeadRow extends RowIdentity {
  readonly kind: 'refused';
  readonly refusal: CodedRefusal;
}

/** Reads a lead, as far as possible without the store. `cookie`: sent beside it, as stored. */
export function readLeadRow(
  sent: Received<'LeadRecord'>,
  cookie: string | undefined,
  context: LeadContext,
): LeadRow | RefusedLeadRow {
  const sentId = positive(sent.Id);
  try {
    const unreadable = firstUnreadable(sent, context.unreadable);
    if (unreadable !== undefined) throw new CodedRefusal(20106, describeUnreadable(unreadable));
    return readContent(sent, sentId, cookie, readLeadValues(sent.leadAttributeList, context));
  } catch (error) {
    if (!(error instanceof RowRefusal)) throw error;
    return { sentType: 'Lead', id: sentId, echoedKey: undefined, kind: 'refused', refusal: coded(error) };
  }
}

/** Returns a refusal with a code: 20106 if it has none of its own. */
export const coded = (refusal: RowRefusal): CodedRefusal =>
  refusal instanceof CodedRefusal ? refusal : new CodedRefusal(20106, refusal.message);

const positive = (id: number | null | undefined): number | undefined =>
  id != null && id > 0 ? id : undefined;

/** The most characters of an id in another system: it has an index of its own. */
export const FOREIGN_ID_AT_MOST = 255;

function readContent(
  sent: Received<'LeadRecord'>,
  sentId: number | undefined,
  cookie: string | undefined,
  { idAttribute, emailAttribute, values, newFields }: LeadValues,
): LeadRow {
  const foreignId = readForeignId(sent);
  const sentEmail = sent.Email ?? '';
  const hasKey =
    sentId !== undefined || foreignId !== undefined || sentEmail.trim() !== '' || cookie !== undefined;
  const other = hasKey ? undefined : otherKey(sent, idAttribute, emailAttribute);
  if (!hasKey && other === undefined) {
    throw new CodedRefusal(
      20101,
      'leadRecord has no key; expected Id, ForeignSysPersonId, Email or a cookie',
    );
  }
  const id = sentId ?? other?.id;
  const email = sentEmail.trim() === '' ? (other?.email ?? sentEmail) : sentEmail;
  const emailKey = other?.emailKey ?? (email.trim() === '' ? undefined : email.trim());
  return {
    sentType: 'Lead',
    id,
    echoedKey: id === undefined && foreignId !== undefined ? echoed(foreignId) : undefined,
    kind: 'Lead',
    foreignId,
    emailKey: emailKey === undefined ? undefined : lookup('Lead', 'email', emailKey),
    cookie,
    email: email === '' ? undefined : readEmail(email),
    emailAttribute,
    values,
    newFields,
  };
}

function readForeignId({ ForeignSysPersonId: value, ForeignSysType: type }: Received<'LeadRecord'>) {
  if (value == null || value.trim() === '') return undefined;
  if (value.length > FOREIGN_ID_AT_MOST) {
    throw new CodedRefusal(
      20106,
      `ForeignSysPersonId: has ${value.length} characters; expected at most ${FOREIGN_ID_AT_MOST}`,
    );
  }
  return { type: type ?? 'CUSTOM', value };
}

/** The keys that stand in for missing key elements. */
interface OtherKey {
  readonly id?: number;
  readonly emailKey?: string;
  /** The text of an element. */
  readonly email?: string;
}

/** Returns the key of a lead without key elements: attributes first, then elements in wrong case. */
function otherKey(
  sent: Received<'LeadRecord'>,
  idAttribute: number | undefined,
  emailAttribute: LeadRow['emailAttribute'],
): OtherKey | undefined {
  if (idAttribute !== undefined) return { id: idAttribute };
  if (typeof emailAttribute === 'string' && emailAttribute !== '') return { emailKey: emailAttribute };
  const id = positive(sent.id) ?? positive(sent.leadId);
  if (id !== undefined) return { id };
  return sent.email != null && sent.email.trim() !== '' ? { email: sent.email } : undefined;
}

/** Returns a foreign id as the journal names it. Addresses are values, which the journal can be told to leave out. */
const echoed = ({ value }: ForeignId): RowIdentity['echoedKey'] => ({ name: 'ForeignSysPersonId', value });
