import type { TObject, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { shapeMistakes } from '../instance/shape-mistakes.ts';
import { Problem } from '../server/json-routes.ts';

/** Validates a part of a request and returns it. Throws a `Problem` that names the place and what was expected. */
export type ReadPart = (value: unknown) => unknown;

/** The maximum number of mistakes that are reported of a request. */
const MOST_MISTAKES = 10;

/** Returns the refusal of a query's parameter whose form is right and whose value is not. */
export const wrongParameter = (name: string, message: string): Problem =>
  new Problem(400, `${name} in the query: ${message}`, [{ path: name, message }]);

/** Returns the refusal of an `after` that no page has answered. */
export const wrongPosition = (): Problem => wrongParameter('after', 'expected `next` of the page before');

/** Validates what was sent as JSON. */
export function bodyReader(schema: TSchema): ReadPart {
  return validated(schema, 'the body');
}

/** Validates parameters of a path or query, which are sent as text. Unknown names are refused. */
export function textReader(schema: TObject, where: 'the path' | 'the query'): ReadPart {
  const check = validated({ ...schema, additionalProperties: false }, where);
  return (sent) =>
    check(
      Object.fromEntries(
        Object.entries(sent as Record<string, unknown>).map(([name, value]) => [
          name,
          typed(schema.properties[name], value),
        ]),
      ),
    );
}

function validated(schema: TSchema, where: string): ReadPart {
  const validator = Compile(schema);
  return (value) => {
    if (validator.Check(value)) return value;
    const { mistakes } = shapeMistakes(schema, value);
    const errors = mistakes.slice(0, MOST_MISTAKES).map(({ path, message }) => ({ path, message }));
    const [first = { path: '', message: 'it does not have the form that /api/v1/openapi.json describes' }] =
      errors;
    const place = first.path === '' ? where : `${first.path} in ${where}`;
    throw new Problem(400, `${place}: ${first.message}`, errors);
  };
}

/** Converts a text to the type that its schema names. What cannot be converted stays, and is then refused. */
function typed(schema: TSchema | undefined, value: unknown): unknown {
  const { type, items } = (schema ?? {}) as { type?: string; items?: TSchema };
  if (type === 'array') return [value].flat().map((item) => typed(items, item));
  if (typeof value !== 'string') return value;
  if (type === 'integer' || type === 'number') return /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;
  if (type === 'boolean') return value === 'true' ? true : value === 'false' ? false : value;
  return value;
}
