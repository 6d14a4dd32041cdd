import type { Message } from '../contract/messages.ts';
import type { OperationName, RequestTypeOf } from '../contract/operations.ts';

/**
 * Tells whether a call leaves the same behind when it is applied twice. Reading calls do. So do updates and upserts of
 * objects that are found again, and deletions by id. An insert may add an object twice; so may an upsert without id
 * and external key, and a program's cost without id. A deletion by external key may find an older object that has
 * the same key. Custom objects have all their keys in the call, so that only an insert fails the second time.
 *
 * Leads that are found by id, foreign id or address are found again, unless the call gives them another address. Adding
 * to a list leaves the same behind. Not repeated: removing from a list and deleting custom objects, which would be
 * answered as failures the second time; merges, imports and campaigns.
 */
export function isRepeatable<Name extends OperationName>(
  operation: Name,
  params: Message<RequestTypeOf<Name>>,
): boolean {
  if (/^get|^describe|^listMObjects$/.test(operation)) return true;
  if (operation === 'deleteMObjects') {
    return (params as Message<'ParamsDeleteMObjects'>).mObjectList.mObject.every(hasId);
  }
  switch (operation) {
    case 'syncLead':
      return isLeadRepeatable(params as Message<'ParamsSyncLead'>);
    case 'syncMultipleLeads':
      return areLeadsRepeatable(params as Message<'ParamsSyncMultipleLeads'>);
    case 'syncCustomObjects':
      return (params as Message<'ParamsSyncCustomObjects'>).operation !== 'INSERT';
    case 'listOperation':
      return (params as Message<'ParamsListOperation'>).listOperation !== 'REMOVEFROMLIST';
    case 'syncMObjects':
      return areObjectsRepeatable(params as Message<'ParamsSyncMObjects'>);
    default:
      return false;
  }
}

function areObjectsRepeatable(params: Message<'ParamsSyncMObjects'>): boolean {
  const { operation: mode, mObjectList } = params;
  if (mode === 'INSERT') return false;
  return mObjectList.mObject.every((object) => {
    if (object.type === 'Program') return !addsCost(object);
    return (
      hasId(object) ||
      (object.externalKey === undefined ? mode === 'UPDATE' || isRole(object) : keepsKey(object))
    );
  });
}

const hasId = ({ id }: Message<'MObject'>): boolean => id !== undefined && id > 0;

/** A role without id and key is found by its opportunity, person and role. */
const isRole = ({ type }: Message<'MObject'>): boolean => type === 'OpportunityPersonRole';

const addsCost = ({ typeAttribList }: Message<'MObject'>): boolean =>
  typeAttribList?.typeAttrib.some(
    ({ attrType, attrList }) =>
      attrType === 'Cost' &&
      !attrList?.attrib.some(({ name, value }) => /^id$/i.test(name.trim()) && value.trim() !== ''),
  ) ?? false;

/** An object whose key is changed by the call itself would not be found again; an older one might be. */
function keepsKey({ externalKey, attribList }: Message<'MObject'>): boolean {
  const { name = '', value = '' } = externalKey ?? {};
  if (value.trim() === '') return false;
  const key = name.trim().toLowerCase();
  return (
    attribList?.attrib.every((each) => each.name.trim().toLowerCase() !== key || each.value === value) ?? true
  );
}

/** A lead that only its cookie names is found again by it. */
const isLeadRepeatable = ({ leadRecord, marketoCookie }: Message<'ParamsSyncLead'>): boolean =>
  stableKey(leadRecord) !== undefined ||
  (isGiven(marketoCookie) && !isGiven(leadRecord.Email) && addressOf(leadRecord) === undefined);

/**
 * Leads of a call affect each other if they are found in several ways: one by id may get the address by which another
 * one is found.
 */
function areLeadsRepeatable({ leadRecordList, dedupEnabled }: Message<'ParamsSyncMultipleLeads'>): boolean {
  const kinds = new Set(leadRecordList.leadRecord.map(stableKey));
  if (kinds.has('email') && dedupEnabled === false) return false;
  return kinds.size <= 1 && !kinds.has(undefined);
}

/** Returns the kind of key by which a lead is found, before and after the call (docs/behaviour-leads.md#which-lead). */
function stableKey(record: Message<'LeadRecord'>): 'id' | 'foreign' | 'email' | undefined {
  const { Id, ForeignSysPersonId, Email } = record;
  if (Id != null && Id > 0) return 'id';
  const address = addressOf(record);
  if (address !== undefined && address !== Email) return undefined;
  if (isGiven(ForeignSysPersonId)) return 'foreign';
  return isGiven(Email) ? 'email' : undefined;
}

const isGiven = (text: string | null | undefined): boolean => text != null && text.trim() !== '';

/** Returns the address among the attributes, which is written to the lead. */
const addressOf = ({ leadAttributeList }: Message<'LeadRecord'>): string | undefined =>
  leadAttributeList?.attribute.find(({ attrName }) => attrName.trim().toLowerCase() === 'email')?.attrValue;
