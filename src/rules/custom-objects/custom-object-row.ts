import { lookup } from '../lookups.ts';
import type { RowOutcome } from '../outcome.ts';
import { outcomeOf, type RowResult, type RowResults } from '../sync.ts';
import type { CustomObjectTypeRecord } from './object-type.ts';
import type { Attributes } from './read-object.ts';

/** The results of a call, and the name of the type as it is defined. */
export interface CustomObjectResults extends RowResults {
  readonly typeName: string;
}

export const byKey = (type: CustomObjectTypeRecord, key: string) =>
  lookup('CustomObject', 'key', type.id, key);
export const byName = (name: string) => lookup('CustomObjectType', 'name', name.trim());

/** Decides a row. The journal has its keys as one external key. */
export function rowResult(
  { name }: Pick<CustomObjectTypeRecord, 'name'>,
  keys: Attributes,
  decide: () => RowOutcome,
): RowResult {
  const attributes = keys?.attribute ?? [];
  const row = {
    sentType: name,
    id: undefined,
    echoedKey:
      attributes.length === 0
        ? undefined
        : {
            name: attributes.map(({ attrName = '' }) => attrName.trim()).join(', '),
            value: attributes.map(({ attrValue = '' }) => attrValue).join(', '),
          },
  };
  return { row, outcome: outcomeOf(row, decide) };
}
