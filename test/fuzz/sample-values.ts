import { type FieldDefinition, standardFields } from '../../src/contract/fields.ts';
import type { Chance } from './chance.ts';

/** Values that fit, by data type; few, so that objects are met again. */
const byDataType: Readonly<Record<string, readonly string[]>> = {
  string: ['A', 'B', 'Q1 2014', 'Müller & Söhne', '😀', ' ', ''],
  integer: ['0', '7', '80%', '2014', '-3', '5.0'],
  float: ['1.5', '-2', '1.0E7', '0.0001'],
  currency: ['2000', '501.00', '1e3', '0.125'],
  boolean: ['1', '0', 'true', 'FALSE'],
  date: ['2014-03-31', '2016-02-29', '2014-01-01T00:00:00Z'],
  datetime: ['2014-03-31T10:00:00Z', '2014-03-31 10:00:00', '2014-03-31T10:00:00-08:00'],
};

export type MObjectType = 'Opportunity' | 'OpportunityPersonRole' | 'Program';
/** As often as they are to come. */
export const mObjectTypes: readonly MObjectType[] = [
  ...(['Opportunity', 'Opportunity', 'Opportunity', 'Opportunity'] as const),
  ...(['OpportunityPersonRole', 'OpportunityPersonRole', 'Program'] as const),
];

/** What references can point to in the instance of `seeded-server.ts`. */
const references: Readonly<Record<string, readonly string[]>> = {
  CompanyId: ['1', '5'],
  PersonId: ['19'],
  OpportunityId: ['64', '64', '65', '70'],
};

/** Name and value of an attribute of this type: names of all standard and some custom fields. */
export function attribOf(type: MObjectType, chance: Chance): readonly [name: string, value: string] {
  if (type === 'Program') return ['Name', 'Another'];
  if (type === 'Opportunity' && chance.happens(0.1)) return ['FSOpportunityID', keyValue(chance)];
  const field = chance.oneOf<FieldDefinition>(standardFields[type]);
  const name = chance.happens(0.1) ? field.name.toLowerCase() : field.name;
  return [name, fittingValue(field, chance)];
}

/** A value that fits a field. */
export const fittingValue = (field: FieldDefinition, chance: Chance): string =>
  chance.oneOf(references[field.name] ?? byDataType[field.dataType] ?? ['A']);

export const keyValue = (chance: Chance): string => `k${chance.number(40)}`;

/** An id that is likely to be there: those that are seeded, and the first ones that are given out. */
export const likelyId = (chance: Chance): string =>
  chance.oneOf(['64', '1', '1970', '1970', String(65 + chance.number(300))]);
