import type { Message } from '../contract/messages.ts';
import type { OperationName, RequestTypeOf } from '../contract/operations.ts';

/**
 * Tells whether a call leaves the same behind when it is applied twice. Reading calls do. So do updates and upserts of
 * objects that are found again, and deletions by id. An insert may add an object twice; so may an upsert without id
 * and external key, and a program's cost without id. A deletion by external key may find an older object that has
 * the same key. Custom objects have all their keys in the call, so that only an insert fails the second time.
 */
export function isRepeatable<Name extends OperationName>(
  operation: Name,
  params: Message<RequestTypeOf<Name>>,
): boolean {
  if (/^get|^describe|^listMObjects$/.test(operation)) return true;
  if (operation === 'deleteMObjects') {
    return (params as Message<'ParamsDeleteMObjects'>).mObjectList.mObject.every(hasId);
  }
  if (operation === 'syncCustomObjects') {
    return (params as Message<'ParamsSyncCustomObjects'>).operation !== 'INSERT';
  }
  if (operation !== 'syncMObjects') return false;
  const { operation: mode, mObjectList } = params as Message<'ParamsSyncMObjects'>;
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
