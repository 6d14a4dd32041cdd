import { expect, it } from 'vitest';
import { statuses } from '../../console/src/api.ts';
import { bodiesToKeep, dataTypes, faultCodes, logLevels, operations } from '../../console/src/choices.ts';
import { adminRoutes } from '../../src/admin/routes.ts';

interface Schema {
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
}

/** The values that a schema allows, without null. */
const valuesOf = ({ enum: values, const: value, anyOf }: Schema = {}): unknown[] =>
  (values ?? anyOf?.flatMap(valuesOf) ?? (value === undefined ? [] : [value])).filter((one) => one !== null);

const bodyOf = (method: string, path: string): Schema => {
  const route = adminRoutes.find((each) => each.method === method && each.path === path);
  return (route?.body ?? {}) as Schema;
};
const rule = bodyOf('PUT', '/chaos').properties?.rules?.items?.properties;
const settings = bodyOf('PATCH', '/settings').properties;
const listOfCalls = adminRoutes.find(({ method, path }) => method === 'GET' && path === '/calls');

it.each([
  ['operations', ['any', ...operations], rule?.operation],
  ['fault codes', faultCodes.map(Number), rule?.fault],
  ['data types of fields', dataTypes, bodyOf('POST', '/fields/{type}').properties?.dataType],
  ['log levels', logLevels, settings?.logLevel],
  ['bodies to keep', bodiesToKeep, settings?.journalBodies],
  ['statuses of rows', statuses, (listOfCalls?.query?.properties as Schema['properties'])?.status],
])('the console offers the %s that the API takes', (_what, offered, schema) => {
  expect(valuesOf(schema).length).toBeGreaterThan(0);
  expect([...offered].sort()).toEqual(valuesOf(schema).sort());
});
