import type { Backend } from '../backend.ts';
import { SoapFault } from '../contract/faults.ts';
import type { Message, Received } from '../contract/messages.ts';
import type { KeyCondition } from '../rules/custom-objects/find-plan.ts';
import { noSuchType } from '../rules/custom-objects/new-type.ts';
import {
  type CustomObjectRecord,
  type CustomObjectTypeRecord,
  definitionOf,
  namedType,
} from '../rules/custom-objects/object-type.ts';
import { quote } from '../rules/refusal.ts';
import { foldName } from '../rules/schema.ts';
import type { MObjectSettings } from '../rules/settings.ts';
import { formatValue, readValue } from '../rules/values.ts';
import {
  type CustomObjectPosition,
  firstKeyValues,
  readPosition,
  writePosition,
} from './custom-object-position.ts';
import { attribute, requiredTypeName } from './custom-object-rows.ts';
import { includedNames } from './included-names.ts';
import { type Operation, readOutcome } from './operation.ts';
import { pageSize } from './page-size.ts';
import { badPosition } from './stream-position.ts';
import { refuseUnreadable } from './unreadable.ts';

/** Default and maximum number of objects per page (docs/behaviour-leads.md#getcustomobjects). */
const PAGE_SIZE = 100;
/** The maximum number of key values in a query. */
const KEYS_AT_MOST = 100;
/** The maximum number of objects that a position of Marketo's own can pass over. */
const SKIPPED_AT_MOST = 10_000;

/**
 * getCustomObjects: finds custom objects of one type by some or all of their keys
 * (docs/behaviour-leads.md#getcustomobjects). Faults: 20109 for a missing type, 20110 for an unknown type or an
 * invalid key, 20122 for the stream position.
 */
export const getCustomObjects: Operation<'getCustomObjects'> = async (call, { backend, settings }) => {
  refuseUnreadable(call);
  const { params } = call;
  const typeName = requiredTypeName(params);
  const { skip, ...start } = await startOf(params, typeName, backend.sign);
  const type = (await backend.customObjectType(typeName)) ?? undefinedType(typeName, settings);
  const conditions = readConditions(start.keys, type, settings.timeZone);
  const limit = pageSize(params.batchSize, PAGE_SIZE);
  const found = await backend.findCustomObjects({
    type,
    conditions,
    after: start.after,
    skip,
    left: start.left,
    limit,
  });

  const asked = includedNames({ stringItem: start.includeAttributes });
  const fields = type.fields.filter(({ name }) => asked?.has(foldName(name)) ?? true);
  const describe = describer(type, fields, settings.timeZone);
  const customObj = found.objects.map(describe);
  const returned = start.returned + customObj.length;
  const next: CustomObjectPosition = {
    ...start,
    typeName: type.name,
    includeAttributes: carriedNames(asked, fields),
    after: found.end,
    returned,
    left: found.left,
  };
  return readOutcome(`${type.name}: ${customObj.length} found`, {
    result: {
      objTypeName: type.name,
      returnCount: customObj.length,
      remainingCount: found.left,
      newStreamPosition: await writePosition(next, backend.sign),
      customObjList: { customObj },
    },
  });
};

type Start = Omit<CustomObjectPosition, 'left'> & {
  readonly left: number | undefined;
  readonly skip: number;
};

/** Returns the query and its start: those of our stream position, or the request's own query. */
async function startOf(
  params: Received<'ParamsGetCustomObjects'>,
  typeName: string,
  sign: Backend['sign'],
): Promise<Start> {
  const keys = (params.customObjKeyList?.attribute ?? []).map(
    ({ attrName = '', attrValue = '' }) => [attrName.trim(), attrValue] as const,
  );
  const includeAttributes = params.includeAttributes?.stringItem ?? [];
  const sent = { typeName, keys, includeAttributes, after: undefined, returned: 0, left: undefined, skip: 0 };
  const text = params.streamPosition?.trim() ?? '';
  if (text === '') return sent;
  const position = await readPosition(text, sign);
  if ('typeName' in position) {
    if (foldName(position.typeName) === foldName(typeName)) return { ...position, skip: 0 };
    throw badPosition(`belongs to type ${position.typeName}, not to ${typeName}`);
  }
  // Marketo's own position holds neither the query nor a place, so the client must send the keys again.
  if (!areSame(position.ky, firstKeyValues(keys))) {
    throw badPosition('has other values of the first key than customObjKeyList');
  }
  if (position.os > SKIPPED_AT_MOST) {
    throw badPosition(`has an os over ${SKIPPED_AT_MOST}; start again without it`);
  }
  return { ...sent, returned: position.os, skip: position.os };
}

const areSame = (some: readonly string[], others: readonly string[]) =>
  new Set(some).symmetricDifference(new Set(others)).size === 0;

/** Returns a type without objects for a name that an open schema would define; otherwise throws fault 20110. */
function undefinedType(typeName: string, { undefinedNames }: MObjectSettings): CustomObjectTypeRecord {
  if (undefinedNames !== 'create') throw noSuchType();
  return { id: 0, name: typeName.trim(), keys: [], fields: [] };
}

/** Reads the keys asked for: values of one key are alternatives. Throws fault 20110 for what is no key, or no value. */
function readConditions(
  sent: CustomObjectPosition['keys'],
  type: CustomObjectTypeRecord,
  timeZone: string,
): KeyCondition[] {
  if (type.id === 0) return [];
  if (sent.length > KEYS_AT_MOST) {
    throw new SoapFault(
      20110,
      `customObjKeyList has ${sent.length} keys; at most ${KEYS_AT_MOST} are accepted in a call`,
    );
  }
  const { keys } = namedType(type);
  const conditions = new Map<string, KeyCondition & { values: (string | number | boolean)[] }>();
  for (const [name, text] of sent) {
    const key = keys.get(foldName(name));
    if (key === undefined) {
      const known = type.keys.map((each) => each.name).join(', ');
      throw new SoapFault(
        20110,
        `customObjKeyList: ${quote(name)} is no key of ${type.name}; expected ${known}`,
      );
    }
    const read = readValue(definitionOf(key), text, timeZone);
    if ('problem' in read) throw new SoapFault(20110, `${key.name}: ${quote(text)}; ${read.problem}`);
    const condition = conditions.get(key.name) ?? { name: key.name, values: [] };
    condition.values.push(read.value);
    conditions.set(key.name, condition);
  }
  return [...conditions.values()];
}

/**
 * Returns the names that a position carries: those of fields, since a client can send very many others. Of names that
 * are all unknown, one stays, as none would ask for all.
 */
function carriedNames(
  asked: ReadonlySet<string> | undefined,
  fields: CustomObjectTypeRecord['fields'],
): readonly string[] {
  if (asked === undefined) return [];
  return fields.length > 0 ? fields.map(({ name }) => name) : [...asked].slice(0, 1);
}

/** Returns what describes objects: their keys, and those of the fields that have a value, in the type's order. */
function describer(type: CustomObjectTypeRecord, fields: CustomObjectTypeRecord['fields'], timeZone: string) {
  return ({ attributes }: CustomObjectRecord): Message<'CustomObj'> => {
    const listOf = (named: CustomObjectTypeRecord['keys']) => ({
      attribute: named.flatMap((field) => {
        const value = Object.hasOwn(attributes, field.name) ? attributes[field.name] : undefined;
        return value === undefined
          ? []
          : [attribute(field.name, formatValue(definitionOf(field).dataType, value, timeZone))];
      }),
    });
    return { customObjKeyList: listOf(type.keys), customObjAttributeList: listOf(fields) };
  };
}
