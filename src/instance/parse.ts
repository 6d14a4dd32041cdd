import { declarationOf, fileTypes, isFileSection, type RecordType } from '../records/all.ts';
import { checkCharacters } from './characters.ts';
import { type PathParts, parseJson } from './json.ts';
import { type Mistake, mistakeList } from './mistakes.ts';
import { type Instance, instanceSchema, type Section } from './shape.ts';
import { follow, shapeMistakes } from './shape-mistakes.ts';

/** An instance file whose parts have the right shape, as far as they could be read. */
export interface ParsedInstance {
  /** Without the values that cannot be read; where those are items of a list, it has undefined. */
  readonly instance: Instance;
  /** Mistakes of syntax, shape and characters. */
  readonly mistakes: readonly Mistake[];
  /** Returns the mistakes of meaning that are not consequences of those at the same place. */
  independent(mistakes: readonly Mistake[]): readonly Mistake[];
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
  const shape = shapeMistakes(instanceSchema, value, lost);
  const reported = new Set(shape.mistakes.map(({ path }) => path));
  for (const parts of lost) reported.add(follow(value, parts).path);
  return {
    ...parsed(value, [...shape.broken, ...lost], lost),
    mistakes: [...syntax, ...mistakes.all, ...shape.mistakes],
    independent: (others) => others.filter(({ path }) => !reported.has(path)),
  };
}

/** Checks the shape and characters of an instance that was made by code. */
export function instanceOf(value: unknown): ParsedInstance {
  const mistakes = mistakeList();
  checkCharacters(value, '', mistakes);
  const shape = shapeMistakes(instanceSchema, value);
  return { ...parsed(value, shape.broken), mistakes: [...mistakes.all, ...shape.mistakes] };
}

/** Returns an instance whose shape is known to be right. */
export const wellFormed = (instance: Instance): ParsedInstance => ({ ...parsed(instance), mistakes: [] });

function parsed(value: unknown, broken: readonly PathParts[] = [], lost: readonly PathParts[] = []) {
  const file: Readonly<Record<string, unknown>> =
    typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
  const ids = new Map<RecordType, ReadonlySet<unknown> | undefined>(
    fileTypes.map((type) => {
      const { section } = declarationOf[type];
      return [type, isTouched(lost, section) ? undefined : idsOf(file[section])];
    }),
  );
  return {
    instance: soundParts(file, broken),
    isComplete: (section: Section) =>
      !isTouched(lost, section) && !broken.some(([first]) => first === section),
    mayHave: (type: RecordType, id: number) => ids.get(type)?.has(id) ?? true,
    independent: (mistakes: readonly Mistake[]) => mistakes,
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
 * Returns the file without its invalid parts. An invalid list item becomes undefined, so that the others keep their
 * positions. A record that lacks properties, or has unknown ones, stays.
 */
function soundParts(file: Readonly<Record<string, unknown>>, broken: readonly PathParts[]): Instance {
  if (broken.length === 0) return file as Instance;
  const bySection = Map.groupBy(broken, ([section]) => section);
  const sections = Object.keys(instanceSchema.properties).map((section) => {
    const levels = isFileSection(section) ? 3 : section === 'fields' ? 2 : 1;
    return [section, soundPart(file[section], levels, innerPaths(bySection.get(section)))];
  });
  return Object.fromEntries(sections.filter(([, content]) => content !== undefined)) as Instance;
}

/** The level of what stays although properties are missing or unknown: records, and the owners of fields. */
const KEPT = 2;

/**
 * `levels`: how many levels of the part can lose single values; below them a part is left out as a whole. `broken`:
 * paths inside the part.
 */
function soundPart(content: unknown, levels: number, broken: readonly PathParts[]): unknown {
  if (broken.length === 0) return content;
  if (typeof content !== 'object' || content === null || levels === 0) return undefined;
  const isKept = levels === KEPT && !Array.isArray(content);
  if (!isKept && broken.some(({ length }) => length === 0)) return undefined;
  const byKey = Map.groupBy(broken, ([key]) => key);
  const sound = (child: unknown, key: string) => soundPart(child, levels - 1, innerPaths(byKey.get(key)));
  if (Array.isArray(content)) return content.map((child, index) => sound(child, String(index)));
  const kept = Object.entries(content).map(([key, child]) => [key, sound(child, key)]);
  return Object.fromEntries(kept.filter(([, child]) => child !== undefined));
}

const innerPaths = (paths: readonly PathParts[] = []): PathParts[] => paths.map((parts) => parts.slice(1));
