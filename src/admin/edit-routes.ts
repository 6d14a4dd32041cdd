import Type from 'typebox';
import type { InstanceKind } from '../instance/report.ts';
import { declarationOf, type RecordType } from '../records/all.ts';
import { Problem } from '../server/json-routes.ts';
import { editableTypes, fileForm } from './file-form.ts';
import { applyPart, written } from './instance-parts.ts';
import { objectFields } from './object-fields.ts';
import { readObject } from './object-routes.ts';
import { type AdminRoute, adminRoute, closed } from './route.ts';

const type = Type.Enum(editableTypes as RecordType[]);
const content = written('the object as the instance file writes it');

const sectionOf = (of: RecordType) => declarationOf[of].section as InstanceKind;

const create = adminRoute({
  method: 'POST',
  path: '/objects/{type}',
  summary: 'Adds a program, lead or company, by the rules of the instance file',
  tag: 'objects',
  params: closed({ type }),
  body: content,
  answer: closed({ id: Type.Integer() }),
  handle: async ({ params, body }, context) => {
    const section = sectionOf(params.type);
    const report = await applyPart(context, { [section]: [body] }, { mode: 'add', at: `${section}[0]` });
    if (report[section].created === 0) throw new Problem(409, `There is a ${params.type} ${body.id} already`);
    return { id: Number(body.id) };
  },
});

const change = adminRoute({
  method: 'PATCH',
  path: '/objects/{type}/{id}',
  summary:
    'Changes properties of a program, lead or company, by the rules of the instance file; null removes one',
  tag: 'objects',
  params: closed({ type, id: Type.Integer({ minimum: 1 }) }),
  body: content,
  answer: null,
  handle: async ({ params: { type: of, id }, body }, context) => {
    const { store } = context;
    const schema = await store.schema();
    const record = await readObject(store, of, objectFields(of, schema), id);
    const after = Object.fromEntries(
      Object.entries({ ...fileForm(of, record, schema), ...body, id }).filter(([, value]) => value !== null),
    );
    const section = sectionOf(of);
    await applyPart(context, { [section]: [after] }, { mode: 'make', at: `${section}[0]` });
  },
});

/** The routes that add and change objects. */
export const editRoutes: readonly AdminRoute[] = [create, change];
