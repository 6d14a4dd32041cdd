import type { LeadRecord, Records, RecordType } from '../../records/all.ts';
import type { FieldValue } from '../../records/field-values.ts';
import { addActivity } from '../activities/add-activity.ts';
import { withLead } from '../custom-objects/object-key.ts';
import type { Draft } from '../draft.ts';
import { lookup } from '../lookups.ts';
import { NotLoaded } from '../missing-data.ts';
import { CodedRefusal } from '../refusal.ts';
import { updatedNow } from '../updated-now.ts';

/** The types whose records a merge writes. */
export const mergedTypes: readonly RecordType[] = [
  'Lead',
  'OpportunityPersonRole',
  'LeadForeignId',
  'LeadCookie',
  'LeadCrmKey',
  'ListMember',
  'Activity',
  'ActivityMove',
  'CustomObject',
];

/** Applies a function to all items before it says that some are not loaded, so that all are loaded in one round. */
export function eachLoaded<Item, Value>(items: Iterable<Item>, apply: (item: Item) => Value): Value[] {
  const values: Value[] = [];
  let missing: NotLoaded | undefined;
  for (const item of items) {
    try {
      values.push(apply(item));
    } catch (error) {
      if (!(error instanceof NotLoaded)) throw error;
      missing = error;
    }
  }
  if (missing !== undefined) throw missing;
  return values;
}

/** A value of a field. */
export interface NamedValue {
  readonly name: string;
  readonly value: FieldValue | null;
}

/**
 * Moves all that the losers have to the winner and removes them (docs/behaviour-leads.md#11-mergeleads). Returns the
 * winner's fields that were filled.
 */
export function mergeInto(
  winnerId: number,
  loserIds: readonly number[],
  draft: Draft,
  now: string,
): readonly NamedValue[] {
  const [winner, ...losers] = eachLoaded(
    [winnerId, ...loserIds],
    (id) => draft.record('Lead', id) as LeadRecord,
  );
  const atMost = Math.max(OWNED_AT_LEAST, Math.floor(OWNED_AT_MOST / (loserIds.length + 1)));
  const owned = eachLoaded([winnerId, ...loserIds], (id) => ownedBy(id, draft, atMost));
  const [ofWinner, ...ofLosers] = owned;
  if (winner === undefined || ofWinner === undefined) return [];

  const { lead, filled } = filledLead(winner, losers);
  draft.put('Lead', { ...lead, updatedAt: updatedNow(winner, now) });
  moveForeignIds(winnerId, ofWinner, ofLosers, draft);
  for (const cookie of ofLosers.flatMap(({ cookies }) => cookies)) {
    draft.put('LeadCookie', { ...cookie, leadId: winnerId });
  }
  moveCrmKeys(winnerId, ofWinner, ofLosers, draft);
  const others = ofLosers.flatMap((each) => each.members);
  moveDistinct('ListMember', ofWinner.members, others, draft, {
    identity: ({ listId }) => String(listId),
    moved: (member) => ({ ...member, leadId: winnerId }),
  });
  const roles = ofLosers.flatMap((each) => each.roles);
  moveDistinct('OpportunityPersonRole', ofWinner.roles, roles, draft, {
    identity: ({ values }) => JSON.stringify([values.get('OpportunityId'), values.get('Role')]),
    moved(role) {
      const values = role.values.copy();
      values.set('PersonId', winnerId);
      return { ...role, values, updatedAt: updatedNow(role, now) };
    },
  });
  moveObjects(winnerId, ofWinner, ofLosers, draft, now);
  for (const move of ofLosers.flatMap(({ moves }) => moves)) {
    draft.put('ActivityMove', { ...move, leadId: winnerId });
  }
  for (const loserId of loserIds) {
    // The activities follow after the call (`moveActivities`): so many would delay other calls.
    draft.put('ActivityMove', { id: draft.takeId('ActivityMove'), leadId: winnerId, fromId: loserId });
    draft.remove('Lead', loserId);
  }
  addActivity(draft, {
    leadId: winnerId,
    type: 'MergeLeads',
    at: now,
    assetName: lead.email,
    attributes: [
      ['Merge IDs', loserIds.join(', ')],
      ['Master Updated', String(filled.length > 0)],
      ['Merged in Sales', 'false'],
      ['Merge Source', 'Web service API'],
    ],
  });
  return filled;
}

/** The records that belong to a lead, but for its activities. Newest last. */
interface Owned {
  readonly foreignIds: readonly Records['LeadForeignId'][];
  readonly cookies: readonly Records['LeadCookie'][];
  readonly crmKeys: readonly Records['LeadCrmKey'][];
  readonly members: readonly Records['ListMember'][];
  readonly roles: readonly Records['OpportunityPersonRole'][];
  readonly objects: readonly Records['CustomObject'][];
  readonly moves: readonly Records['ActivityMove'][];
}

const ownedLookups = [
  (leadId: number) => lookup('LeadForeignId', 'lead', leadId),
  (leadId: number) => lookup('LeadCookie', 'lead', leadId),
  (leadId: number) => lookup('LeadCrmKey', 'lead', leadId),
  (leadId: number) => lookup('ListMember', 'lead', leadId),
  (leadId: number) => lookup('OpportunityPersonRole', 'person', leadId),
  (leadId: number) => lookup('CustomObject', 'lead', leadId),
  (leadId: number) => lookup('ActivityMove', 'lead', leadId),
];

/**
 * The most records of a kind that the leads of a merge may have together, shared out among them, and the most that each
 * may have however many leads there are. All are loaded, and a merge is one transaction.
 */
const OWNED_AT_MOST = 10_000;
const OWNED_AT_LEAST = 100;

function ownedBy(leadId: number, draft: Draft, atMost: number): Owned {
  const [foreignIds, cookies, crmKeys, members, roles, objects, moves] = eachLoaded(
    ownedLookups,
    (lookupOf) => {
      const wanted = lookupOf(leadId);
      const ids = draft.upTo(wanted, atMost);
      if (ids === undefined) {
        throw new CodedRefusal(
          20110,
          `lead ${leadId} has over ${atMost} records of type ${wanted.type}, too many to merge at once`,
        );
      }
      return ids.map((id) => draft.record(wanted.type, id));
    },
  );
  return { foreignIds, cookies, crmKeys, members, roles, objects, moves } as Owned;
}

/** Fills the winner's empty fields with the first value that a loser has. */
function filledLead(winner: LeadRecord, losers: readonly LeadRecord[]) {
  const values = winner.values.copy();
  const filled: NamedValue[] = [];
  let { email, companyId } = winner;
  const fill = (name: string, value: FieldValue) => {
    if (value === '' || !isEmpty(values.get(name))) return;
    values.set(name, value);
    filled.push({ name, value });
  };
  for (const loser of losers) {
    if (isEmpty(email) && !isEmpty(loser.email)) {
      email = loser.email;
      filled.push({ name: 'Email', value: email });
    }
    const lacksCompany = companyId === null && isEmpty(values.get('Company'));
    if (lacksCompany && loser.companyId !== null) {
      companyId = loser.companyId;
      const value = loser.values.get('Company') ?? null;
      filled.push({ name: 'Company', value });
      if (value !== null) values.set('Company', value);
    }
    for (const [name, value] of loser.values.entries())
      if (name !== 'Company' || lacksCompany) fill(name, value);
  }
  return { lead: { ...winner, email, companyId, values }, filled };
}

const isEmpty = (value: FieldValue | null | undefined): boolean => value == null || value === '';

/** Moves the foreign ids. The winner's newest stays its newest, so it gets a new id if one that moves is newer. */
function moveForeignIds(
  winnerId: number,
  { foreignIds }: Owned,
  ofLosers: readonly Owned[],
  draft: Draft,
): void {
  const moved = ofLosers.flatMap((each) => each.foreignIds);
  for (const foreignId of moved) draft.put('LeadForeignId', { ...foreignId, leadId: winnerId });
  const newest = foreignIds.at(-1);
  if (newest === undefined || moved.every(({ id }) => id < newest.id)) return;
  draft.remove('LeadForeignId', newest.id);
  draft.put('LeadForeignId', { ...newest, id: draft.takeId('LeadForeignId') });
}

/** Moves the CRM keys of types that the winner lacks, from the first loser that has one, and removes the others. */
function moveCrmKeys(winnerId: number, { crmKeys }: Owned, ofLosers: readonly Owned[], draft: Draft): void {
  const types = new Set(crmKeys.map(({ type }) => type));
  for (const loser of ofLosers) {
    const lacked = new Set(loser.crmKeys.map(({ type }) => type)).difference(types);
    for (const key of loser.crmKeys) {
      if (lacked.has(key.type)) draft.put('LeadCrmKey', { ...key, leadId: winnerId });
      else draft.remove('LeadCrmKey', key.id);
    }
    for (const type of lacked) types.add(type);
  }
}

/** Moves custom objects. Where MKTOID is a part of the key, the winner may have one with the same key, which stays. */
function moveObjects(
  winnerId: number,
  { objects }: Owned,
  ofLosers: readonly Owned[],
  draft: Draft,
  now: string,
): void {
  const others = ofLosers.flatMap((each) => each.objects);
  const typeIds = new Set(others.map(({ typeId }) => typeId));
  const types = new Map(eachLoaded(typeIds, (id) => [id, draft.record('CustomObjectType', id)] as const));
  const ofWinner = (object: Records['CustomObject']) => {
    const type = types.get(object.typeId);
    return type === undefined ? { ...object, leadId: winnerId } : withLead(type, object, winnerId);
  };
  moveDistinct('CustomObject', objects, others, draft, {
    identity: (object) =>
      `${object.typeId} ${object.leadId === winnerId ? object.key : ofWinner(object).key}`,
    moved: (object) => ({ ...ofWinner(object), updatedAt: updatedNow(object, now) }),
  });
}

/** Moves the records whose identity the winner does not have yet, and removes the others. */
function moveDistinct<Type extends 'ListMember' | 'OpportunityPersonRole' | 'CustomObject'>(
  type: Type,
  own: readonly Records[Type][],
  others: readonly Records[Type][],
  draft: Draft,
  {
    identity,
    moved,
  }: { identity(record: Records[Type]): string; moved(record: Records[Type]): Records[Type] },
): void {
  const known = new Set(own.map(identity));
  for (const record of others) {
    if (known.has(identity(record))) draft.remove(type, record.id);
    else draft.put(type, moved(record));
    known.add(identity(record));
  }
}
