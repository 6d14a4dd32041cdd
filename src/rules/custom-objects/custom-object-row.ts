import type { Draft } from '../draft.ts';
import type { Wanted } from '../facts.ts';
import { lookup } from '../lookups.ts';
import type { RowOutcome } from '../outcome.ts';
import { outcomeOf, type RowResult } from '../sync.ts';
import type { CustomObjectTypeRecord } from './object-type.ts';
import type { Attributes } from './read-object.ts';

/** The results of a call, and the name of the type as it is defined. */
export interface CustomObjectResults {
  readonly typeName: string;
  /** One for each object, in the order of the call. */
  readonly results: readonly RowResult[];
}

/** The result of deciding a call: a request for more data, or the changes and the result of every row. */
export type CustomObjectDecision =
  | { readonly more: Wanted }
  | ({ readonly changes: ReturnType<Draft['changes']> } & CustomObjectResults);

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
