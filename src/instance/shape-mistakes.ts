import type { TSchema } from 'typebox';
import System from 'typebox/system';
import Value from 'typebox/value';
import { closestName, quote } from '../rules/refusal.ts';
import type { PathParts } from './json.ts';
import { inside, type Mistake, type MistakeList, mistakeList } from './mistakes.ts';

type SchemaError = ReturnType<typeof Value.Errors>[number];

/**
 * Returns the mistakes in the shape of a value, and the paths of the values that have them. Does not report values that
 * syntax errors made unreadable (`lost`).
 */
export function shapeMistakes(
  schema: TSchema,
  value: unknown,
  lost: readonly PathParts[] = [],
): { readonly mistakes: readonly Mistake[]; readonly broken: readonly PathParts[] } {
  const list = mistakeList();
  const errors = Map.groupBy(
    firstErrors(schema, value).filter((error) => !isImplied(schema, error)),
    ({ instancePath }) => instancePath,
  );
  const broken: PathParts[] = [];
  const unreadable = new Set(lost.map(pointerOf));
  for (const [pointer, group] of errors) {
    if (unreadable.has(pointer)) continue;
    const parts = partsOf(pointer);
    broken.push(parts);
    const { path, found } = follow(value, parts);
    const types = group.filter((error) => error.keyword === 'type');
    if (types.length > 0) {
      const expected = types.map((error) => typeNames[String(error.params.type)] ?? error.params.type);
      list.add(path, `expected ${expected.join(' or ')}, not ${excerpt(found)}`);
      continue;
    }
    for (const error of group) describe(schema, error, path, found, unreadable, list);
  }
  return { mistakes: list.all, broken };
}

/** More are not looked for: with a mistake in each of a million rows, that would take a minute and a gigabyte. */
const MOST_ERRORS = 1000;

/** Returns up to `MOST_ERRORS`. The library stops after a few unless a global setting is changed. */
function firstErrors(schema: TSchema, value: unknown): SchemaError[] {
  const { maxErrors } = System.Settings.Get();
  System.Settings.Set({ maxErrors: MOST_ERRORS });
  try {
    return Value.Errors(schema, value);
  } finally {
    System.Settings.Set({ maxErrors });
  }
}

/** Returns whether the error only says that an object with any names has values with errors of their own. */
const isImplied = (schema: TSchema, { keyword, schemaPath }: SchemaError): boolean =>
  keyword === 'additionalProperties' && schemaAt(schema, schemaPath).properties === undefined;

const typeNames: Readonly<Record<string, string>> = {
  object: 'an object',
  array: 'a list',
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  null: 'null',
};

function describe(
  schema: TSchema,
  error: SchemaError,
  path: string,
  found: unknown,
  unreadable: ReadonlySet<string>,
  list: MistakeList,
): void {
  switch (error.keyword) {
    case 'required':
      for (const name of error.params.requiredProperties) {
        if (!unreadable.has(error.instancePath + pointerOf([name]))) list.addMissing(path, name);
      }
      break;
    case 'additionalProperties':
      for (const name of error.params.additionalProperties) {
        list.add(inside(path, name), unknownProperty(name, schemaAt(schema, error.schemaPath)));
      }
      break;
    case 'enum':
      list.add(path, `expected one of ${error.params.allowedValues.join(', ')}, not ${excerpt(found)}`);
      break;
    case 'pattern':
      list.add(path, `expected ${schemaAt(schema, error.schemaPath).description}, not ${excerpt(found)}`);
      break;
    case 'minimum':
    case 'maximum': {
      const { comparison, limit } = error.params;
      list.add(
        path,
        `expected ${comparison === '>=' ? 'at least' : 'at most'} ${limit}, not ${excerpt(found)}`,
      );
      break;
    }
    case 'minLength':
      list.add(path, 'expected a text, not an empty one');
      break;
    case 'maxLength':
      list.add(path, `expected at most ${error.params.limit} characters, not ${String(found).length}`);
      break;
    case 'boolean':
    case 'anyOf':
      break;
    default:
      list.add(path, error.message);
  }
}

function unknownProperty(name: string, { properties = {} }: SchemaPart): string {
  const known = Object.keys(properties);
  const close = closestName(name, known);
  const meant = close === undefined ? '' : ` (did you mean ${close}?)`;
  const expected = known.length === 0 ? 'expected none' : `expected one of ${known.join(', ')}`;
  return `unknown property${meant}; ${expected}`;
}

interface SchemaPart {
  readonly properties?: object;
  readonly description?: string;
}

const schemaAt = (schema: TSchema, schemaPath: string): SchemaPart =>
  follow(schema, partsOf(schemaPath.slice(1))).found as SchemaPart;

/** Splits a JSON pointer into its parts (RFC 6901). */
const partsOf = (pointer: string): string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));

/** Returns the JSON pointer of a path. */
const pointerOf = (parts: PathParts): string =>
  parts.map((part) => `/${part.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/** Returns the value at a path, undefined if there is none, and the path as text. */
export function follow(value: unknown, parts: readonly string[]): { path: string; found: unknown } {
  let path = '';
  let found = value;
  for (const part of parts) {
    path = inside(path, Array.isArray(found) ? Number(part) : part);
    found = (found as Record<string, unknown> | null | undefined)?.[part];
  }
  return { path, found };
}

function excerpt(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}
