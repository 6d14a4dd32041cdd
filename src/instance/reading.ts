import type { ReferenceTarget } from '../contract/fields.ts';
import { closestName, quote } from '../rules/refusal.ts';
import type { Schema } from '../rules/schema.ts';
import { readDatetime } from '../rules/values.ts';
import { inside, type MistakeList } from './mistakes.ts';

/** A record as the file has it. In one that lacks its id, this is undefined; nothing of the file is applied then. */
export type Item = { readonly id: number } & Readonly<Record<string, unknown>>;

/** The context in which the records of a file are read. */
export interface ReadContext {
  readonly schema: Schema;
  /** IANA time zone of datetimes without an offset. */
  readonly timeZone: string;
  /** Returns whether the record exists in the file or the store. */
  exists(type: ReferenceTarget, id: number): boolean;
  /** Where `exists` looks, for messages: "in the file". */
  readonly searched: string;
  /** False where the definitions could not be read; unknown names are then not reported. */
  isComplete(section: 'fields' | 'tags' | 'channels'): boolean;
}

/** The state of reading one file. */
export interface Reading extends ReadContext {
  readonly mistakes: MistakeList;
  /** The ids of costs so far. */
  readonly costIds: Set<number>;
}

/** Reports a reference to a record that does not exist. */
export function checkReference(
  type: ReferenceTarget,
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
  item: Item,
  property: 'createdAt' | 'updatedAt',
  path: string,
  { timeZone, mistakes }: Reading,
): string | undefined {
  const text = item[property];
  if (typeof text !== 'string') return undefined;
  const read = readDatetime(text.trim(), timeZone);
  if ('value' in read) return String(read.value);
  mistakes.add(inside(path, property), `${quote(text)}: ${read.problem}`);
  return undefined;
}
