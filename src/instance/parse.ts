import { declarationOf, type RecordType, recordTypes } from '../records/all.ts';
import { checkCharacters } from './characters.ts';
import { type PathParts, parseJson } from './json.ts';
import { type Mistake, mistakeList } from './mistakes.ts';
import { type Instance, instanceSchema, type Section } from './shape.ts';
import { shapeMistakes } from './shape-mistakes.ts';

/** An instance file whose parts have the right shape, as far as they could be read. */
export interface ParsedInstance {
  /** Without the parts that cannot be read; where those are items of a list, it has undefined. */
  readonly instance: Instance;
  /** Mistakes of syntax, shape and characters. */
  readonly mistakes: readonly Mistake[];
  /** Returns whether all of a section could be read. */
  isComplete(section: Section): boolean;
  /** Returns whether the file has a record, or may have it in a part that cannot be read. */
  mayHave(type: RecordType, id: number): boolean;
}

/** Parses an instance file and checks its syntax, shape and characters. */
export function parseInstance(text: string): ParsedInstance {
  const { value, mistakes: syntax, lost } = parseJson(text);
  if (value === undefined) return { ...parsed({}), mistakes: syntax };
  const mistakes = mistakeList();
  checkCharacters(value, '', mistakes);
  const shape = shapeMistakes(value, lost);
  return {
    ...parsed(value, [...shape.broken, ...lost], lost),
    mistakes: [...syntax, ...mistakes.all, ...shape.mistakes],
  };
}

/** Returns an instance whose shape is known to be right. */
export const wellFormed = (instance: Instance): ParsedInstance => ({ ...parsed(instance), mistakes: [] });

function parsed(value: unknown, broken: readonly PathParts[] = [], lost: readonly PathParts[] = []) {
  const file: Readonly<Record<string, unknown>> =
    typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
  const ids = new Map(
    recordTypes.map((type) => {
      const { section } = declarationOf[type];
      return [type, isTouched(lost, section) ? undefined : idsOf(file[section])];
    }),
  );
  return {
    instance: soundParts(file, broken),
    isComplete: (section: Section) =>
      !isTouched(lost, section) && !broken.some(([first]) => first === section),
    mayHave: (type: RecordType, id: number) => ids.get(type)?.has(id) ?? true,
  };
}

/** Returns whether something of the section was lost, or a name that could have been the section's. */
const isTouched = (lost: readonly PathParts[], section: string): boolean =>
  lost.some(([first]) => first === undefined || first === section);

/** Returns the readable ids of a list; undefined if it is not a list. */
function idsOf(list: unknown): Set<unknown> | undefined {
  if (list === undefined) return new Set();
  return Array.isArray(list) ? new Set(list.map((item) => item?.id)) : undefined;
}

/**
 * Returns the file without its invalid parts. Invalid list items become undefined, so that the other items keep their
 * positions.
 */
function soundParts(file: Readonly<Record<string, unknown>>, broken: readonly PathParts[]): Instance {
  if (broken.length === 0) return file as Instance;
  const sections = Object.keys(instanceSchema.properties).map((section) => {
    const of = broken.filter(([first]) => first === section);
    const content = file[section];
    if (of.length === 0) return [section, content];
    if (of.some(({ length }) => length === 1) || typeof content !== 'object' || content === null) {
      return [section, undefined];
    }
    return [section, withoutBroken(content, section === 'fields' ? 2 : 1, of)];
  });
  return Object.fromEntries(sections.filter(([, content]) => content !== undefined)) as Instance;
}

/** `depth`: the level of the items to leave out. */
function withoutBroken(content: object, depth: number, broken: readonly PathParts[]): unknown {
  const byKey = Map.groupBy(broken, ([, key]) => key);
  const prune = (child: unknown, key: string) => {
    const inChild = byKey.get(key)?.map((parts) => parts.slice(1));
    if (inChild === undefined) return child;
    if (depth === 1 || inChild.some(({ length }) => length === 1)) return undefined;
    return withoutBroken(child as object, depth - 1, inChild);
  };
  if (Array.isArray(content)) return content.map((child, index) => prune(child, String(index)));
  const kept = Object.entries(content).map(([key, child]) => [key, prune(child, key)]);
  return Object.fromEntries(kept.filter(([, child]) => child !== undefined));
}
