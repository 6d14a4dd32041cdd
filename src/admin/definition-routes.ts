import Type from 'typebox';
import { type DataType, dataTypes } from '../contract/fields.ts';
import { quote } from '../rules/refusal.ts';
import { type FieldOwner, fieldOwners } from '../rules/schema.ts';
import { Problem } from '../server/json-routes.ts';
import { applyPart } from './instance-parts.ts';
import { type AdminRoute, adminRoute, closed, orNull } from './route.ts';

const tag = 'instance';
const owner = Type.Enum(fieldOwners as FieldOwner[]);
const size = Type.Optional(orNull(Type.Integer({ minimum: 1, description: 'characters; null: no limit' })));
const displayName = Type.Optional(Type.String());
const description = Type.Optional(Type.String());
const own = dataTypes.filter((dataType) => dataType !== 'reference') as DataType[];

const shownField = closed({
  type: owner,
  name: Type.String(),
  dataType: Type.Enum([...dataTypes]),
  size: orNull(Type.Integer()),
  displayName: orNull(Type.String()),
  description: orNull(Type.String()),
  custom: Type.Boolean(),
});

const fields = adminRoute({
  method: 'GET',
  path: '/fields',
  summary: 'Lists the fields of each type, standard and custom',
  tag,
  answer: Type.Array(shownField),
  handle: async (_request, { store }) => {
    const schema = await store.schema();
    return fieldOwners.flatMap((type) =>
      schema.fields[type].all.map((field) => ({
        type,
        name: field.name,
        dataType: field.dataType,
        size: field.size,
        displayName: field.displayName,
        description: field.description,
        custom: field.custom,
      })),
    );
  },
});

const addField = adminRoute({
  method: 'POST',
  path: '/fields/{type}',
  summary: 'Defines a custom field',
  tag,
  params: closed({ type: owner }),
  body: closed({ name: Type.String(), dataType: Type.Enum(own), size, displayName, description }),
  answer: null,
  handle: async ({ params: { type }, body }, context) => {
    const report = await applyPart(
      context,
      { fields: { [type]: [body] } },
      { mode: 'add', at: `fields.${type}[0]` },
    );
    if (report.fields.created === 0)
      throw new Problem(409, `${type} has a field ${quote(body.name)} already`);
  },
});

const changeField = adminRoute({
  method: 'PATCH',
  path: '/fields/{type}/{name}',
  summary: 'Changes the description of a custom field',
  tag,
  params: closed({ type: owner, name: Type.String() }),
  body: closed({ size, displayName, description }),
  answer: null,
  handle: async ({ params: { type, name }, body }, context) => {
    const field = (await context.store.schema()).fields[type].find(name);
    if (!field?.custom) throw new Problem(404, `${type} has no custom field ${quote(name)}`);
    const { displayName: shown, description: text, dataType } = field;
    const before = {
      name: field.name,
      dataType,
      ...(field.size === null && dataType !== 'string' ? {} : { size: field.size }),
      ...(shown === null ? {} : { displayName: shown }),
      ...(text === null ? {} : { description: text }),
    };
    await applyPart(
      context,
      { fields: { [type]: [{ ...before, ...body }] } },
      { mode: 'make', at: `fields.${type}[0]` },
    );
  },
});

const tags = adminRoute({
  method: 'GET',
  path: '/tags',
  summary: 'Lists the tag types with their values',
  tag,
  answer: Type.Array(closed({ name: Type.String(), values: Type.Array(Type.String()) })),
  handle: async (_request, { store }) =>
    Array.from((await store.schema()).tags, ([name, values]) => ({ name, values: [...values] })),
});

const putTag = adminRoute({
  method: 'PUT',
  path: '/tags/{name}',
  summary: 'Adds a tag type, or values to one',
  tag,
  params: closed({ name: Type.String() }),
  body: closed({ values: Type.Array(Type.String()) }),
  answer: null,
  handle: async ({ params: { name }, body: { values } }, context) => {
    await applyPart(context, { tags: { [name]: values } }, { mode: 'make' });
  },
});

const status = closed({
  status: Type.String(),
  step: Type.Integer(),
  success: Type.Boolean(),
  attributes: Type.Optional(Type.Record(Type.String(), Type.String())),
});

const channels = adminRoute({
  method: 'GET',
  path: '/channels',
  summary: 'Lists the channels with their statuses',
  tag,
  answer: Type.Array(closed({ name: Type.String(), statuses: Type.Array(status) })),
  handle: async (_request, { store }) =>
    Array.from((await store.schema()).channels, ([name, statuses]) => ({
      name,
      statuses: statuses.map(({ attributes, ...each }) => ({
        ...each,
        attributes: Object.fromEntries(attributes),
      })),
    })),
});

const putChannel = adminRoute({
  method: 'PUT',
  path: '/channels/{name}',
  summary: 'Adds a channel, or replaces its statuses',
  tag,
  params: closed({ name: Type.String() }),
  body: closed({ statuses: Type.Array(status) }),
  answer: null,
  handle: async ({ params: { name }, body: { statuses } }, context) => {
    await applyPart(context, { channels: { [name]: statuses } }, { mode: 'make' });
  },
});

/** The routes of fields, tags and channels. */
export const definitionRoutes: readonly AdminRoute[] = [
  fields,
  addField,
  changeField,
  tags,
  putTag,
  channels,
  putChannel,
];
