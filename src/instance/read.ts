import type { ReferenceTarget } from '../contract/fields.ts';
import { declarationOf, type FileType, fileTypes, type Records, type RecordType } from '../records/all.ts';
import type { Declaration } from '../records/declare.ts';
import { inside, type MistakeList } from './mistakes.ts';
import { type ReadAssets, readAssets } from './read-assets.ts';
import { type ReadObjectType, readObjectTypes } from './read-custom-objects.ts';
import { readCustomTexts, readFields, readKeys } from './read-fields.ts';
import { leadPartsReader, type ReadLeadParts } from './read-lead-parts.ts';
import { type ReadCost, readProgramParts } from './read-program.ts';
import { checkReference, type Item, type ReadContext, type Reading, readInstant } from './reading.ts';
import type { Instance } from './shape.ts';

/** A record of the file: what it says, without what the store decides. */
export interface ReadRecord<Type extends RecordType = RecordType> {
  readonly path: string;
  readonly content: Omit<Records[Type], 'createdAt' | 'updatedAt' | 'costs'>;
  /** Undefined where the file gives none, and for types without times. */
  readonly createdAt: string | undefined;
  readonly updatedAt: string | undefined;
  readonly costs: readonly ReadCost[];
  /** Loose keys by name, as spelled in the file. */
  readonly externalKeys: ReadonlyMap<string, string>;
  /** What belongs to a lead; undefined for other types. */
  readonly leadParts: ReadLeadParts | undefined;
}

/** The records of a file, with values read like those of calls (docs/behaviour.md#data-types). */
export type ReadRecords = { readonly [Type in FileType]: readonly ReadRecord<Type>[] };

/** All that a file has besides definitions. */
export interface ReadInstance extends ReadAssets {
  readonly records: ReadRecords;
  readonly objectTypes: readonly ReadObjectType[];
}

/** Returns the records of a type in a file. Those that cannot be read are undefined. */
export const itemsOf = (instance: Instance, { section }: Declaration) =>
  ((instance as Readonly<Record<string, unknown>>)[section] ?? []) as readonly (Item | undefined)[];

/** Reads all records and collects all mistakes. */
export function readRecords(instance: Instance, context: ReadContext, mistakes: MistakeList): ReadInstance {
  const reading: Reading = { ...context, mistakes, costIds: new Set() };
  const readParts = leadPartsReader(instance, reading);
  const records = Object.fromEntries(
    fileTypes.map((type) => [type, readList(declarationOf[type], instance, reading, readParts)]),
  ) as unknown as ReadRecords;
  return { records, ...readAssets(instance, reading), objectTypes: readObjectTypes(instance, reading) };
}

function readList(
  declaration: Declaration,
  instance: Instance,
  reading: Reading,
  readParts: ReturnType<typeof leadPartsReader>,
): ReadRecord[] {
  const { section } = declaration;
  const ids = new Set<number>();
  return itemsOf(instance, declaration).flatMap((item, index) => {
    if (item === undefined) return [];
    const path = inside(section, index);
    if (item.id !== undefined && ids.has(item.id))
      reading.mistakes.add(`${path}.id`, `duplicate id ${item.id} in ${section}`);
    ids.add(item.id);
    const leadParts = declaration.name === 'Lead' ? readParts(item, path) : undefined;
    return [{ ...readRecord(declaration, item, path, reading), leadParts }];
  });
}

function readRecord(declaration: Declaration, item: Item, path: string, reading: Reading) {
  const isProgram = declaration.name === 'Program';
  const parts = isProgram ? readProgramParts(item, path, reading) : { content: {}, costs: [] };
  const hasFields = declaration.fields !== undefined;
  return {
    path,
    content: {
      id: item.id,
      ...readColumns(declaration, item, path, reading),
      ...readTextParts(declaration, item),
      ...parts.content,
      ...(hasFields ? { values: readFields(declaration, item, path, reading) } : {}),
    } as ReadRecord['content'],
    costs: parts.costs,
    externalKeys: hasFields ? readKeys(item, path, reading) : new Map(),
    createdAt: readInstant(item, 'createdAt', path, reading),
    updatedAt: readInstant(item, 'updatedAt', path, reading),
  };
}

/** Reads the columns but for times. A lead's workspace is in `leadParts`. */
function readColumns(
  declaration: Declaration,
  item: Item,
  path: string,
  reading: Reading,
): Readonly<Record<string, unknown>> {
  const columns = Object.entries(declaration.columns).filter(
    ([, { kind, foldedOf, references }]) =>
      kind !== 'time' && foldedOf === undefined && references !== 'Workspace',
  );
  return Object.fromEntries(
    columns.map(([property, { kind, references }]) => {
      if (kind === 'texts') return [property, readCustomTexts(declaration, item, property, path, reading)];
      const value = item[property] ?? null;
      if (references !== undefined && value !== null) {
        checkReference(references as ReferenceTarget, value as number, inside(path, property), reading);
      }
      const isEmptyKey = value === '' && Object.values(declaration.fieldProperties ?? {}).includes(property);
      return [property, isEmptyKey ? null : value];
    }),
  );
}

/** Reads the texts by name that are parts of a record. */
function readTextParts({ parts }: Declaration, item: Item): Readonly<Record<string, unknown>> {
  const texts = Object.keys(parts).filter((property) => parts[property]?.kind === 'texts');
  return Object.fromEntries(
    texts.map((property) => [property, new Map(Object.entries(item[property] ?? {}))]),
  );
}
