import type { Message } from '../contract/messages.ts';
import type { OperationName, RequestTypeOf } from '../contract/operations.ts';

/**
 * Tells whether a call leaves the same behind when it is applied twice. Reading calls do. So do updates and upserts of
 * objects that are found again and do not change each other's keys, and deletions by id. An insert may add an object twice; so may an upsert without id
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
  const objects = mObjectList.mObject;
  return objects.every(isFoundAgain(mode)) && !affectEachOther(objects);
}

const isFoundAgain = (mode: 'UPDATE' | 'UPSERT' | undefined) => (object: Message<'MObject'>) => {
  if (object.type === 'Program') return !addsCost(object);
  if (hasId(object)) return true;
  if (object.externalKey === undefined) return mode === 'UPDATE' || isRole(object);
  return isGiven(object.externalKey.value);
};

/**
 * Tells whether an object of the call changes the field by which the call finds one, itself included. The second time
 * that one might not be found, or an older one that has the same key.
 */
function affectEachOther(objects: readonly Message<'MObject'>[]): boolean {
  const keys = new Set(objects.flatMap(keysIn));
  const byContent = objects.filter((each) => isRole(each) && !hasId(each) && each.externalKey === undefined);
  if (byContent.length > 0 && objects.filter(isRole).length > byContent.length) return true;
  return objects.some((object) => {
    const own = hasId(object) ? undefined : object.externalKey;
    return object.attribList?.attrib.some(
      ({ name, value }) =>
        keys.has(fieldOf(object.type, name)) &&
        (fieldOf(object.type, own?.name) !== fieldOf(object.type, name) || own?.value !== value),
    );
  });
}

/** Returns the fields by which an object, and those that it names, are found. */
function keysIn(object: Message<'MObject'>): string[] {
  const named = object.associationList?.mObjAssociation ?? [];
  return [
    ...(hasId(object) || object.externalKey === undefined
      ? []
      : [fieldOf(object.type, object.externalKey.name)]),
    ...named.flatMap(({ mObjType, externalKey }) =>
      externalKey === undefined ? [] : [fieldOf(mObjType, externalKey.name)],
    ),
  ];
}

const fieldOf = (type: string | undefined, name: string | undefined): string =>
  JSON.stringify([type, name?.trim().toLowerCase()]);

const hasId = ({ id }: Message<'MObject'>): boolean => id !== undefined && id > 0;

/** A role without id and key is found by its opportunity, person and role. */
const isRole = ({ type }: Message<'MObject'>): boolean => type === 'OpportunityPersonRole';

const addsCost = ({ typeAttribList }: Message<'MObject'>): boolean =>
  typeAttribList?.typeAttrib.some(
    ({ attrType, attrList }) =>
      attrType === 'Cost' &&
      !attrList?.attrib.some(({ name, value }) => /^id$/i.test(name.trim()) && value.trim() !== ''),
  ) ?? false;

/** A lead that only its cookie names is found again by it. */
const isLeadRepeatable = ({ leadRecord, marketoCookie }: Message<'ParamsSyncLead'>): boolean =>
  stableKey(leadRecord) !== undefined ||
  (isGiven(marketoCookie) && !isGiven(leadRecord.Email) && addressesOf(leadRecord).length === 0);

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
  if (addressesOf(record).some((address) => address !== Email)) return undefined;
  if (isGiven(ForeignSysPersonId)) return 'foreign';
  return isGiven(Email) ? 'email' : undefined;
}

const isGiven = (text: string | null | undefined): boolean => text != null && text.trim() !== '';

/** Returns the addresses among the attributes, of which the last one is written to the lead. */
const addressesOf = ({ leadAttributeList }: Message<'LeadRecord'>): (string | undefined)[] =>
  (leadAttributeList?.attribute ?? []).flatMap(({ attrName, attrValue }) =>
    attrName.trim().toLowerCase() === 'email' ? [attrValue] : [],
  );
