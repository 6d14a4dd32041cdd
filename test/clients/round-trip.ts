import { expect } from 'vitest';
import type { StoredType } from '../../src/contract/fields.ts';
import type { FieldValue } from '../../src/records/field-values.ts';
import { readValue } from '../../src/rules/values.ts';
import {
  type ArbitraryObject,
  catalogues,
  type ObjectBatch,
  type Sent,
  TIME_ZONE,
} from './arbitrary-objects.ts';

/** A list as clients read it: of one item some have the item only, of none they have nothing. */
type Many<Item> = Item | readonly Item[] | undefined;
const many = <Item extends object>(items: Many<Item>): readonly Item[] =>
  items === undefined ? [] : Array.isArray(items) ? items : [items as Item];

interface Pair {
  readonly name: string;
  readonly value: string;
}
interface ReadObject {
  readonly type: string;
  readonly id: number;
  readonly attribList: { readonly attrib: Many<Pair> };
  readonly associationList?: {
    readonly mObjAssociation: Many<{ readonly mObjType: string; readonly id: number }>;
  };
}
interface StatusRow {
  readonly id: number;
  readonly externalKey: Pair;
  readonly status: string;
}
interface Result {
  readonly mObjStatusList?: { readonly mObjStatus: Many<StatusRow> };
  readonly mObjectList?: { readonly mObject?: Many<ReadObject> } | null;
}

export type Call = readonly [operation: string, params: object];

/** Has a client make the calls, one after the other; the answers are their results as that client reads them. */
export type MakeCalls = (calls: readonly Call[]) => Promise<readonly unknown[]>;

/** An object on its way: what it holds by now, and the text that each value was sent as last. */
interface Tracked {
  readonly type: StoredType;
  readonly object: ArbitraryObject;
  readonly externalKey: Pair;
  id: number;
  readonly values: Map<string, FieldValue>;
  readonly texts: Map<string, string>;
}

let keys = 0;

function track(type: StoredType, object: ArbitraryObject): Tracked {
  const value = [...`${++keys} ${object.keyEnding}`].slice(0, 60).join('');
  const externalKey = { name: 'testKey', value };
  const values = new Map<string, FieldValue>([['testKey', value]]);
  return { type, object, externalKey, id: 0, values, texts: new Map([['testKey', value]]) };
}

/**
 * Creates the objects, updates them, reads each back by id, external key or criterion, and compares what was read
 * with what was written, as typed values; then deletes them, and finds none.
 */
export async function expectReadBackEqual(batch: ObjectBatch, makeCalls: MakeCalls): Promise<void> {
  const opportunities = batch.opportunities.map((object) => track('Opportunity', object));
  const roles = batch.roles.map((object) => track('OpportunityPersonRole', object));
  const all = [...opportunities, ...roles];

  async function rowsOf(operation: string, tracked: readonly Tracked[], params: object) {
    const [result] = (await makeCalls([[operation, params]])) as readonly Result[];
    const rows = many(result?.mObjStatusList?.mObjStatus);
    expect(rows).toHaveLength(tracked.length);
    return rows;
  }

  async function sync(operation: string, tracked: readonly Tracked[], step: 'created' | 'updated') {
    if (tracked.length === 0) return;
    const mObject = tracked.map((each, index) => messageOf(each, step, opportunities[index]?.id ?? 0));
    const expected = tracked.map((each) => (apply(each, step) ? 'UPDATED' : 'UNCHANGED'));
    const rows = await rowsOf('syncMObjects', tracked, { mObjectList: { mObject }, operation });
    for (const [index, { id, status, externalKey }] of rows.entries()) {
      const each = tracked[index] as Tracked;
      if (step === 'created') {
        each.id = id;
        expect({ status, externalKey }).toEqual({ status: 'CREATED', externalKey: each.externalKey });
      } else {
        expect({ id, status }).toEqual({ id: each.id, status: expected[index] });
      }
    }
  }

  await sync('INSERT', opportunities, 'created');
  for (const [index, role] of roles.entries()) {
    role.values.set('OpportunityId', opportunities[index]?.id ?? 0);
  }
  await sync('INSERT', roles, 'created');
  await sync('UPDATE', opportunities, 'updated');
  await sync('UPDATE', roles, 'updated');

  const lookups = all.map((each): Call => ['getMObjects', lookupOf(each)]);
  const found = (await makeCalls(lookups)) as readonly Result[];
  for (const [index, each] of all.entries()) {
    const expected = findsNothing(each) ? [] : [contentOf(each)];
    expect(many(found[index]?.mObjectList?.mObject).map(readContent)).toEqual(expected);
  }

  for (const tracked of [opportunities, roles]) {
    if (tracked.length === 0) continue;
    const mObject = tracked.map((each) => ({ type: each.type, ...namedBy(each, each.object.lookup) }));
    const rows = await rowsOf('deleteMObjects', tracked, { mObjectList: { mObject } });
    expect(rows.map(({ id, status }) => ({ id, status }))).toEqual(
      tracked.map(({ id }) => ({ id, status: 'DELETED' })),
    );
  }
  const gone = (await makeCalls(lookups)) as readonly Result[];
  expect(gone.flatMap((result) => many(result.mObjectList?.mObject))).toEqual([]);
}

const namedBy = ({ id, externalKey }: Tracked, lookup: string) =>
  lookup === 'id' ? { id } : { externalKey };

const targetOf = {
  Opportunity: {
    field: 'CompanyId',
    mObjType: 'Company',
    key: (id: number) => ({ name: 'account', value: `A${id}` }),
  },
  OpportunityPersonRole: {
    field: 'PersonId',
    mObjType: 'Lead',
    key: (id: number) => ({ name: 'FSPID', value: `P${id}` }),
  },
} as const;

/** The message that creates or updates the object. `opportunityId`: of a role that is created. */
function messageOf(tracked: Tracked, step: 'created' | 'updated', opportunityId: number): object {
  const { type, object, externalKey } = tracked;
  const { attributes, target, pointing } = object[step];
  const { field, mObjType, key } = targetOf[type];
  const references: Sent = {
    ...(target !== null && pointing === 'attribute' ? { [field]: String(target) } : {}),
    ...(type !== 'Opportunity' && step === 'created' ? { OpportunityId: String(opportunityId) } : {}),
  };
  const attrib = Object.entries({ ...attributes, ...references }).map(([name, value]) => ({ name, value }));
  const pointer = target === null ? {} : pointing === 'id' ? { id: target } : { externalKey: key(target) };
  return {
    type,
    ...(step === 'created' ? { externalKey } : namedBy(tracked, object.lookup)),
    attribList: { attrib },
    ...(target === null || pointing === 'attribute'
      ? {}
      : { associationList: { mObjAssociation: [{ mObjType, ...pointer }] } }),
  };
}

/** Does to the object what the server must do; the answer is whether anything changed. */
function apply({ type, object, values, texts }: Tracked, step: 'created' | 'updated'): boolean {
  const before = new Map(values);
  const { attributes, target } = object[step];
  for (const [name, text] of Object.entries(attributes)) {
    if (text === ' ') {
      values.delete(name);
    } else if (text !== null && text !== '') {
      values.set(name, typed(type, name, text, TIME_ZONE));
      texts.set(name, text);
    }
  }
  if (target !== null) {
    values.set(targetOf[type].field, target);
    texts.set(targetOf[type].field, String(target));
  }
  return values.size !== before.size || [...values].some(([name, value]) => before.get(name) !== value);
}

function typed(type: StoredType, name: string, text: string, timeZone: string): FieldValue {
  const field = catalogues[type].find(name);
  const read = field === undefined ? { problem: 'no such field' } : readValue(field, text, timeZone);
  if ('problem' in read) throw new Error(`${name}: ${JSON.stringify(text)}: ${read.problem}`);
  return read.value;
}

/** The question that finds the object and no other, or, by a criterion that it does not meet, nothing. */
function lookupOf(tracked: Tracked): object {
  const { type, id, object } = tracked;
  if (object.lookup !== 'criterion') return { type, ...namedBy(tracked, object.lookup) };
  const attrName = criterionField(tracked);
  const criteria = [
    { attrName, comparison: object.comparison, attrValue: tracked.texts.get(attrName) },
    { attrName: 'Id', comparison: 'EQ', attrValue: String(id) },
  ];
  return { type, mObjCriteriaList: { mObjCriteria: criteria } };
}

function criterionField({ object, values, texts }: Tracked): string {
  const names = [...values.keys()].filter((name) => texts.has(name));
  return names[object.nth % names.length] ?? 'testKey';
}

const findsNothing = ({ object }: Tracked): boolean =>
  object.lookup === 'criterion' && ['NE', 'LT', 'GT'].includes(object.comparison);

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]) => (a < b ? -1 : 1);

/** What the object must be read as. */
function contentOf({ type, id, values }: Tracked): object {
  const associations = [
    ['Company', values.get('CompanyId')],
    ['Lead', values.get('PersonId')],
    ['Opportunity', values.get('OpportunityId')],
  ].filter(([, target]) => target !== undefined);
  return { type, id, values: [...values].sort(byName), associations };
}

/** What the client read, its attributes as typed values. */
function readContent({ type, id, attribList, associationList }: ReadObject): object {
  const pairs = many(attribList.attrib).filter(({ name }) => name !== 'Id');
  const values = pairs.map(
    ({ name, value }) => [name, typed(type as StoredType, name, value, 'UTC')] as const,
  );
  const associations = many(associationList?.mObjAssociation).map((each) => [each.mObjType, each.id]);
  return { type, id, values: values.sort(byName), associations };
}
