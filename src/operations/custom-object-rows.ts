import { SoapFault } from '../contract/faults.ts';
import type { Message, Received } from '../contract/messages.ts';
import type { CustomObjectResults } from '../rules/custom-objects/custom-object-row.ts';
import type { OperationOutcome } from './operation.ts';

/** The maximum number of objects of a call (docs/behaviour-leads.md#12-custom-objects). */
const MAX_OBJECTS_PER_CALL = 100;

/** Returns the name of the type. Throws fault 20109 if it is missing. */
export function requiredTypeName({ objTypeName }: { readonly objTypeName?: string }): string {
  if (objTypeName !== undefined && objTypeName.trim() !== '') return objTypeName;
  throw new SoapFault(20109, 'objTypeName is missing; expected the name of a custom object type');
}

/** Returns the objects of a call. Throws fault 20109 if the list is missing, 20110 if it has over 100 objects. */
export function requiredObjects<Row>(name: string, objects: readonly Row[] | undefined): readonly Row[] {
  if (objects === undefined) throw new SoapFault(20109, `${name} is missing; an empty one is accepted`);
  if (objects.length <= MAX_OBJECTS_PER_CALL) return objects;
  throw new SoapFault(
    20110,
    `${name} has ${objects.length} objects; at most ${MAX_OBJECTS_PER_CALL} are accepted in a call`,
  );
}

type Attributes = Received<'ArrayOfAttribute'> | null | undefined;

/** Returns keys as sent, with a nil attrType as Marketo's answers have it. */
export function echoed(keys: Attributes): Message<'ArrayOfAttribute'> | null {
  if (keys === undefined || keys === null) return null;
  return {
    attribute: keys.attribute.map(({ attrName = '', attrValue = '' }) => attribute(attrName, attrValue)),
  };
}

export const attribute = (attrName: string, attrValue: string): Message<'Attribute'> => ({
  attrName,
  attrType: null,
  attrValue,
});

/** Returns the status of each object. `keys`: of each object, as sent. */
export const statusRows = (
  { typeName, results }: CustomObjectResults,
  keys: readonly Attributes[],
): Message<'SyncCustomObjStatus'>[] =>
  results.map(({ outcome }, index) => ({
    objTypeName: typeName,
    customObjKeyList: echoed(keys[index]),
    status: outcome.status as Message<'SyncCustomObjStatus'>['status'],
    error: outcome.status === 'FAILED' ? (outcome.reason ?? '') : null,
  }));

/** Returns the statuses for journal and metrics. */
export const outcomeRows = ({
  results,
}: CustomObjectResults): OperationOutcome<'syncCustomObjects'>['rows'] =>
  results.map(({ outcome }) => ({ status: outcome.status }));
