import { SoapFault } from '../../contract/faults.ts';
import type { Received } from '../../contract/messages.ts';
import { nameProblem } from '../../contract/names.ts';
import { quote } from '../refusal.ts';
import { foldName } from '../schema.ts';
import { MAX_KEYS_PER_TYPE } from './object-key.ts';
import { type CustomObjectTypeRecord, createdField } from './object-type.ts';

/** Returns the fault for a name that is no type, in Marketo's words. */
export const noSuchType = (): SoapFault => new SoapFault(20110, 'Object name is not valid');

interface NewTypeCall {
  readonly typeName: string;
  readonly objects: readonly Received<'CustomObj'>[];
}

/** Returns the type that an open schema makes of a name: its keys are those of the first object that has some. */
export function newType({ typeName, objects }: NewTypeCall, id: () => number): CustomObjectTypeRecord {
  const name = typeName.trim();
  const problem = nameProblem(name);
  if (problem !== undefined) {
    throw new SoapFault(20110, `objTypeName: ${quote(name)} cannot become a type: the name ${problem}`);
  }
  const keys = new Map<string, string>();
  const first = objects.find(({ customObjKeyList: list }) => (list?.attribute.length ?? 0) > 0);
  for (const { attrName = '' } of first?.customObjKeyList?.attribute ?? []) {
    const problem = nameProblem(attrName.trim());
    if (problem !== undefined) {
      throw new SoapFault(
        20110,
        `customObjKeyList: ${quote(attrName)} cannot become a key: the name ${problem}`,
      );
    }
    keys.set(foldName(attrName), attrName.trim());
  }
  if (keys.size > MAX_KEYS_PER_TYPE) {
    throw new SoapFault(
      20110,
      `customObjKeyList has ${keys.size} keys; a type has at most ${MAX_KEYS_PER_TYPE}`,
    );
  }
  return {
    id: id(),
    name,
    keys: [...keys.values()].map(createdField),
    fields: [],
  };
}
