import type { Records, RecordType } from '../records/all.ts';
import { closestName, quote } from '../rules/refusal.ts';
import { foldName, type Schema } from '../rules/schema.ts';
import { readDatetime } from '../rules/values.ts';
import { inside, type MistakeList } from './mistakes.ts';
import type { Instance } from './shape.ts';

/** A record as the file has it. In one that lacks its id, this is undefined; nothing of the file is applied then. */
export type Item = { readonly id: number } & Readonly<Record<string, unknown>>;

/** The context in which the records of a file are read. */
export interface ReadContext {
  readonly schema: Schema;
  /** IANA time zone of datetimes without an offset. */
  readonly timeZone: string;
  /** Returns whether the record exists in the file or the store. */
  exists(type: RecordType, id: number): boolean;
  /** Where `exists` looks, for messages: "in the file". */
  readonly searched: string;
  /** False where what names refer to could not be read; unknown names are then not reported. */
  isComplete(section: 'fields' | 'tags' | 'channels' | 'programs' | 'workspaces' | 'customObjects'): boolean;
  /** Returns the ids of the programs of this name (without case) in the file or the store. */
  programsNamed(name: string): readonly number[];
  /** Returns whether the store has this workspace (without case). */
  hasWorkspace(name: string): boolean;
  /** Returns the custom object type of this name (without case) that the store has. */
  objectType(name: string): Records['CustomObjectType'] | undefined;
  /** If true, the store is made exactly like the file. */
  readonly exact: boolean;
}

/** The state of reading one file. */
export interface Reading extends ReadContext {
  readonly mistakes: MistakeList;
  /** The ids of costs so far. */
  readonly costIds: Set<number>;
}

/** Returns a function that finds programs of a file by name, without case. */
export function programsIn({ programs = [] }: Instance): (name: string) => readonly number[] {
  const ids = Map.groupBy(
    programs.filter((program) => program !== undefined),
    ({ name }) => foldName(String(name)),
  );
  return (name) => (ids.get(foldName(name)) ?? []).map(({ id }) => id);
}

/** Reports a reference to a record that does not exist. */
export function checkReference(
  type: RecordType,
  id: number,
  path: string,
  { exists, searched, mistakes }: Reading,
): void {
  if (!exists(type, id)) mistakes.add(path, `no ${type} ${id} ${searched}`);
}

/** Reports a name that is not among the known ones. */
export function checkKnown(
  name: string,
  known: Iterable<string>,
  what: string,
  path: string,
  { mistakes }: Reading,
): void {
  const names = [...known];
  if (names.includes(name)) return;
  const close = closestName(name, names);
  const meant = close === undefined ? '' : ` (did you mean ${close}?)`;
  mistakes.add(path, `${quote(name)} is not a ${what}${meant}; define it in the file`);
}

/** Reads a datetime property; undefined if it is missing or reported. */
export function readInstant(
  item: object,
  property: 'createdAt' | 'updatedAt',
  path: string,
  { timeZone, mistakes }: Reading,
): string | undefined {
  const text: unknown = Reflect.get(item, property);
  if (typeof text !== 'string') return undefined;
  const read = readDatetime(text.trim(), timeZone);
  if ('value' in read) return String(read.value);
  mistakes.add(inside(path, property), `${quote(text)}: ${read.problem}`);
  return undefined;
}
