import { planDefinitions, standardSchema } from './definitions.ts';
import { parseJson } from './json.ts';
import { inside, type Mistake, type MistakeList, mistakeList } from './mistakes.ts';
import { readRecords } from './read.ts';
import { type Instance, instanceSchema } from './shape.ts';
import { shapeMistakes } from './shape-mistakes.ts';

export type { Instance, Mistake };

export interface CheckOptions {
  /** IANA time zone of datetimes without an offset. */
  readonly timeZone?: string;
  /**
   * True if the file must be self-contained. If false, it may refer to fields, tags, channels and records that
   * `applyInstance` then looks up in the store.
   */
  readonly alone?: boolean;
}

/**
 * Parses and checks an instance file: JSON, shape, characters, ids, names, references, values. Reports all mistakes;
 * only a syntax error stops the check.
 */
export function checkInstance(
  text: string,
  { timeZone = 'UTC', alone = true }: CheckOptions = {},
): { readonly instance: Instance } | { readonly mistakes: readonly Mistake[] } {
  const { value, mistakes: syntax } = parseJson(text);
  if (value === undefined) return { mistakes: syntax };
  const mistakes = mistakeList();
  for (const { path, message } of syntax) mistakes.add(path, message);
  checkCharacters(value, '$', mistakes);
  const shape = shapeMistakes(value);
  for (const { path, message } of shape.mistakes) mistakes.add(path, message);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    checkMeaning(value as Instance, shape.broken, timeZone, alone, mistakes);
  }
  return mistakes.all.length > 0 ? { mistakes: mistakes.all } : { instance: value as Instance };
}

/**
 * Checks the parts with a valid shape. Parts with an invalid one were reported already, and references to them are
 * accepted.
 */
function checkMeaning(
  value: Instance,
  broken: readonly string[][],
  timeZone: string,
  alone: boolean,
  mistakes: MistakeList,
): void {
  const sound = (section: string) => !broken.some((parts) => parts[0] === section);
  const instance = soundParts(value, broken);
  const now = new Date(0).toISOString();
  const { schema } = planDefinitions(instance, standardSchema, { mode: 'make' }, now, mistakes);
  const ids = {
    Company: idsOf(value.companies),
    Lead: idsOf(value.leads),
    Opportunity: idsOf(value.opportunities),
  };
  readRecords(
    instance,
    {
      schema,
      timeZone,
      complete: {
        fields: alone && sound('fields'),
        tags: alone && sound('tags'),
        channels: alone && sound('channels'),
      },
      exists: (type, id) => !alone || ids[type] === undefined || ids[type].has(id),
    },
    mistakes,
  );
}

/** Returns the readable ids of a list; undefined if it is not a list. */
function idsOf(list: unknown): Set<unknown> | undefined {
  if (list === undefined) return new Set();
  return Array.isArray(list) ? new Set(list.map((item) => item?.id)) : undefined;
}

/**
 * Returns the file without its invalid parts. Invalid list items become undefined, so that the other items keep their
 * positions.
 */
function soundParts(value: Instance, broken: readonly string[][]): Instance {
  if (broken.length === 0) return value;
  const sections = Object.keys(instanceSchema.properties).map((section) => {
    const of = broken.filter(([first]) => first === section);
    const content: unknown = (value as Record<string, unknown>)[section];
    if (of.length === 0) return [section, content];
    if (of.some(({ length }) => length === 1) || typeof content !== 'object' || content === null) {
      return [section, undefined];
    }
    return [section, withoutBroken(content, section === 'fields' ? 2 : 1, of)];
  });
  return Object.fromEntries(sections.filter(([, content]) => content !== undefined)) as Instance;
}

/** `depth`: the level of the items to leave out. */
function withoutBroken(content: object, depth: number, broken: readonly string[][]): unknown {
  const prune = (child: unknown, key: string) => {
    const inChild = broken.filter((parts) => parts[1] === key).map((parts) => parts.slice(1));
    if (inChild.length === 0) return child;
    if (depth === 1 || inChild.some(({ length }) => length === 1)) return undefined;
    return withoutBroken(child as object, depth - 1, inChild);
  };
  if (Array.isArray(content)) return content.map((child, index) => prune(child, String(index)));
  const kept = Object.entries(content).map(([key, child]) => [key, prune(child, key)]);
  return Object.fromEntries(kept.filter(([, child]) => child !== undefined));
}

/** Characters that XML 1.0 cannot represent (production 2, Char), so no answer could contain them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these characters are what it looks for
const ILLEGAL = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Surrogate}/u;

function checkCharacters(value: unknown, path: string, mistakes: MistakeList): void {
  if (typeof value === 'string') checkText(value, path, 'the text', mistakes);
  else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) checkCharacters(item, inside(path, index), mistakes);
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, item] of Object.entries(value)) {
      checkText(name, inside(path, name), 'the name', mistakes);
      checkCharacters(item, inside(path, name), mistakes);
    }
  }
}

function checkText(text: string, path: string, what: string, mistakes: MistakeList): void {
  const found = ILLEGAL.exec(text)?.[0].codePointAt(0);
  if (found === undefined) return;
  const code = found.toString(16).toUpperCase().padStart(4, '0');
  mistakes.add(path, `${what} has the character U+${code}, which XML cannot carry`);
}
