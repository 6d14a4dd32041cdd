import Type from 'typebox';
import { dataTypes, isStored } from '../contract/fields.ts';
import { declarationOf, type Records, type RecordType, recordTypes } from '../records/all.ts';
import type { Declaration, RowsPart } from '../records/declare.ts';
import { foldName } from '../rules/schema.ts';
import { Problem } from '../server/json-routes.ts';
import { type BrowseFilter, BrowseTooSlow } from '../store/browsing.ts';
import type { Store } from '../store/store.ts';
import { cached } from './cached.ts';
import type { AdminContext } from './context.ts';
import { editableTypes, fileForm } from './file-form.ts';
import { nameField, type ObjectField, objectFields, type Properties, showObject } from './object-fields.ts';
import { readObjectQuery, writePosition } from './object-query.ts';
import { removableTypes } from './referrers.ts';
import { relatedTo } from './related.ts';
import { type AdminRoute, adminRoute, closed, orNull, pageOf, pageQuery } from './route.ts';

const value = Type.Union([Type.String(), Type.Number(), Type.Boolean()]);
const values = Type.Record(Type.String(), value);
const typeParam = Type.Enum(recordTypes as RecordType[], { description: 'the type of the objects' });
const idParam = Type.Integer({ minimum: 1 });

const shownObject = {
  id: Type.Integer(),
  name: orNull(Type.String()),
  values,
  createdAt: orNull(Type.String()),
  updatedAt: orNull(Type.String()),
};

const typeAnswer = closed({
  name: typeParam,
  section: Type.String({ description: 'its name in the instance file' }),
  table: Type.String(),
  count: Type.Integer(),
  countedAt: Type.String({
    description: 'when its objects were counted; large tables are not counted each time',
  }),
  nameField: orNull(Type.String({ description: 'the field that names its objects' })),
  fields: Type.Array(
    closed({
      name: Type.String(),
      displayName: orNull(Type.String()),
      dataType: Type.Enum([...dataTypes]),
      custom: Type.Boolean(),
      references: orNull(Type.String({ description: 'the type that it refers to' })),
    }),
  ),
  parts: Type.Array(Type.String(), { description: 'what belongs to its objects: costs, tags' }),
  editable: Type.Boolean({ description: 'created and changed by the instance file, and by this API' }),
  removable: Type.Boolean({ description: 'this API removes single ones; needs --allow-reset' }),
});

/** The counts of each store's objects. */
const counters = new WeakMap<Store, ReturnType<typeof countsOf>>();

const countsOf = ({ store, now }: Pick<AdminContext, 'store' | 'now'>) =>
  new Map(recordTypes.map((type) => [type, cached(() => store.browsing.count(type), now)]));

/** Returns the number of objects of a type; of a large table, a number of a short time ago. */
export async function countObjects(context: Pick<AdminContext, 'store' | 'now'>, type: RecordType) {
  const counts = counters.get(context.store) ?? countsOf(context);
  counters.set(context.store, counts);
  const answered = await counts.get(type)?.();
  return answered ?? { value: 0, at: context.now() };
}

const types = adminRoute({
  method: 'GET',
  path: '/types',
  summary: 'Lists the types of objects with their fields and counts',
  tag: 'objects',
  answer: Type.Array(typeAnswer),
  handle: async (_request, context) => {
    const schema = await context.store.schema();
    return Promise.all(
      recordTypes.map(async (name) => {
        const { section, table, parts } = declarationOf[name];
        const fields = objectFields(name, schema);
        const { value: count, at } = await countObjects(context, name);
        return {
          name,
          section,
          table,
          count,
          countedAt: at.toISOString(),
          nameField: nameField(fields)?.name ?? null,
          fields: fields.map(({ displayName, dataType, custom, references, ...field }) => ({
            name: field.name,
            displayName,
            dataType,
            custom,
            references,
          })),
          parts: Object.keys(parts),
          editable: editableTypes.includes(name),
          removable: context.allowReset && removableTypes.some((each) => each === name),
        };
      }),
    );
  },
});

const list = adminRoute({
  method: 'GET',
  path: '/objects/{type}',
  summary: 'Lists objects: filtered, sorted, searched, page by page',
  tag: 'objects',
  params: closed({ type: typeParam }),
  query: closed({
    ...pageQuery,
    sort: Type.Optional(
      Type.String({
        description:
          'a field; -field sorts descending. Default: -id, newest first. Slow for many objects where no index has the order: about a second for a million, and 503 after 5 seconds. id is always fast, Name, Stage, Type, createdAt and updatedAt of opportunities once a call has compared them',
      }),
    ),
    where: Type.Optional(
      Type.Array(Type.String(), {
        description:
          'field:operator:value, such as Stage:eq:Won; repeat it for several conditions. Operators: eq, ne, lt, le, gt, ge, starts, contains, isNull',
      }),
    ),
    search: Type.Optional(
      Type.String({
        description:
          'a text in any of its texts, or its id. Few of many objects are found page by page: go on with `next` until it is null',
      }),
    ),
  }),
  answer: pageOf(closed(shownObject)),
  handle: async ({ params: { type }, query }, { store }) => {
    const fields = objectFields(type, await store.schema());
    const page = await browse(() => store.browsing.page({ ...readObjectQuery(type, fields, query), type }));
    return {
      items: page.records.map((record) => showObject(type, fields, record)),
      next: page.next && writePosition(query.sort, page.next),
    };
  },
});

/** Turns a query that takes too long into an answer that says what to do. */
export async function browse<Page>(read: () => Promise<Page>): Promise<Page> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof BrowseTooSlow) throw new Problem(503, error.message);
    throw error;
  }
}

const byId = (fields: readonly ObjectField[], id: number): BrowseFilter[] =>
  fields.slice(0, 1).map(({ subject }) => ({ subject, operator: 'eq', value: id }));

/** Reads one object. Throws a `Problem` if there is none of this id. */
export async function readObject<Type extends RecordType>(
  store: Store,
  type: Type,
  fields: readonly ObjectField[],
  id: number,
): Promise<Records[Type]> {
  const [idField] = fields;
  if (idField === undefined) throw new TypeError(`${type} has no id`);
  const { records } = await store.browsing.page({
    type,
    filters: byId(fields, id),
    search: undefined,
    sort: { subject: idField.subject, descending: false },
    after: undefined,
    limit: 1,
  });
  const [record] = records;
  if (record === undefined) throw new Problem(404, `There is no ${type} ${id}`);
  return record;
}

const detail = adminRoute({
  method: 'GET',
  path: '/objects/{type}/{id}',
  summary: 'Returns one object with its keys, its parts and what it is associated with',
  tag: 'objects',
  params: closed({ type: typeParam, id: idParam }),
  answer: closed({
    type: typeParam,
    ...shownObject,
    keys: Type.Array(closed({ name: Type.String(), value: Type.String() }), {
      description: 'its external keys',
    }),
    fileForm: orNull(
      Type.Unsafe<Record<string, unknown>>({
        type: 'object',
        description: 'what PATCH changes: the object as the instance file writes it; null: calls create it',
      }),
    ),
    parts: Type.Record(Type.String(), Type.Unknown(), {
      description: 'what belongs to it, by name: texts by name, or rows with ids',
    }),
    related: Type.Array(
      closed({
        type: typeParam,
        id: Type.Integer(),
        name: orNull(Type.String()),
        by: Type.String({ description: 'the field that refers, of this object or of the other one' }),
        isMissing: Type.Boolean({ description: 'it refers to an object that is not there' }),
      }),
    ),
    relatedMore: Type.Array(closed({ type: typeParam, where: Type.String() }), {
      description: 'lists of objects that refer to it of which only the newest are in `related`',
    }),
  }),
  handle: async ({ params: { type, id } }, { store }) => {
    const schema = await store.schema();
    const fields = objectFields(type, schema);
    const record = await readObject(store, type, fields, id);
    const properties = record as unknown as Properties;
    return {
      type,
      ...showObject(type, fields, record),
      keys: await keysOf(store, type, fields, properties),
      fileForm: editableTypes.includes(type) ? fileForm(type, record, schema) : null,
      parts: partsOf(declarationOf[type], properties),
      ...(await relatedTo(store, schema, type, fields, properties)),
    };
  },
});

async function keysOf(store: Store, type: RecordType, fields: readonly ObjectField[], record: Properties) {
  const { keys } = declarationOf[type];
  if (Array.isArray(keys)) {
    return keys.flatMap((property) => {
      const held = record[property];
      if (held instanceof Map)
        return Array.from(held as Map<string, string>, ([name, text]) => ({ name, value: text }));
      return typeof held === 'string' ? [{ name: property, value: held }] : [];
    });
  }
  if (!isStored(type)) return [];
  const known = await store.browsing.keys(type, record.id);
  const held = fields.flatMap((field) => {
    const own = known.fields.includes(foldName(field.name)) ? field.read(record) : null;
    return own === null ? [] : [{ name: field.name, value: String(own) }];
  });
  return [...held, ...known.loose.map(({ name, value: text }) => ({ name, value: text }))];
}

function partsOf({ parts }: Declaration, record: Properties): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(parts).map(([property, part]) => {
      if (part.kind === 'texts')
        return [property, Object.fromEntries(record[property] as Map<string, string>)];
      return [property, rowsOf(part, record[property] as readonly Properties[])];
    }),
  );
}

const rowsOf = ({ columns }: RowsPart, rows: readonly Properties[]) =>
  rows.map((row) =>
    Object.fromEntries(['id', ...Object.keys(columns)].map((property) => [property, row[property]])),
  );

/** The routes of objects. */
export const objectRoutes: readonly AdminRoute[] = [types, list, detail];
