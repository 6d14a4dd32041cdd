import type { Declaration, RecordOf, RowsPart } from './declare.ts';
import { declarations } from './list.ts';

export type { CompanyRecord } from './company.ts';
export type { LeadRecord } from './lead.ts';
export type { MObjectRecord } from './opportunity.ts';
export type { CostRecord, ProgramRecord } from './program.ts';

export { declarations };

type AnyDeclaration = (typeof declarations)[number];
type Named<Condition> = Extract<AnyDeclaration, Condition>['name'];

export type RecordType = AnyDeclaration['name'];
/** The record of each type. */
export type Records = { [D in AnyDeclaration as D['name']]: RecordOf<D> };
/** The records of each section. */
export type RecordsBySection = { [D in AnyDeclaration as D['section']]: RecordOf<D> };
export type RecordSection = keyof RecordsBySection;
/** The types that have external keys. */
export type KeyedType = Named<{ readonly keys: unknown }>;
/** The names of a type's lookups. */
export type LookupName<Type extends RecordType> =
  Extract<AnyDeclaration, { readonly name: Type; readonly lookups: unknown }> extends {
    readonly lookups: infer L;
  }
    ? keyof L & string
    : never;
type PartOf<D> = D extends { readonly parts: infer P } ? P[keyof P] : never;
/** The types whose ids the store assigns: record types, and parts that are rows. */
export type CountedType = RecordType | Extract<PartOf<AnyDeclaration>, RowsPart>['counter'];
/** The types whose records are in the instance file. */
export type ContentType = Exclude<RecordType, Named<{ readonly inFile: false }>>;
/** Their sections. */
export type ContentSection = Extract<AnyDeclaration, { readonly name: ContentType }>['section'];
/** Those of them that are a list of records with ids there. */
export type FileType = Exclude<ContentType, Named<{ readonly inFile: 'nested' }>>;
/** Their sections. */
export type FileSection = Extract<AnyDeclaration, { readonly name: FileType }>['section'];

/** Builds a value for each record type. */
export function byType<Value>(make: (declaration: Declaration) => Value): Record<RecordType, Value> {
  const made = {} as Record<RecordType, Value>;
  for (const declaration of declarations) made[declaration.name] = make(declaration);
  return made;
}

const all: readonly Declaration[] = declarations;
const namesOf = <Name extends RecordType>(some: readonly Declaration[]): readonly Name[] =>
  some.map(({ name }) => name as Name);

/** The declaration of each type. */
export const declarationOf: Readonly<Record<RecordType, Declaration>> = byType((declaration) => declaration);
export const recordTypes = namesOf<RecordType>(all);
/** The types whose records are in the instance file, in write order. */
export const contentTypes = namesOf<ContentType>(all.filter(({ inFile }) => inFile !== false));
/** Those of them that are a list of records with ids there. */
export const fileTypes = namesOf<FileType>(all.filter(({ inFile }) => inFile === undefined));
/** The type of the records of each section. */
export const sectionTypes = Object.fromEntries(all.map(({ section, name }) => [section, name])) as Readonly<
  Record<RecordSection, RecordType>
>;
export const recordSections = Object.keys(sectionTypes) as readonly RecordSection[];
export const isRecordSection = (section: string): section is RecordSection =>
  Object.hasOwn(sectionTypes, section);
/** The sections of the instance file that are lists of records with ids. */
export const fileSections = fileTypes.map((type) => declarationOf[type].section as FileSection);
export const isFileSection = (section: string): section is FileSection =>
  (fileSections as readonly string[]).includes(section);
export const keyedTypes = namesOf<KeyedType>(all.filter(({ keys }) => keys !== undefined));
export const isKeyed = (type: RecordType): type is KeyedType => declarationOf[type].keys !== undefined;

/** Returns the parts of a record type that have ids of their own. */
export const countedParts = ({ parts }: Declaration): readonly (readonly [string, RowsPart])[] =>
  Object.entries(parts).flatMap(([property, part]) =>
    part.kind === 'rows' ? [[property, part] as const] : [],
  );

/**
 * The counters, each with the table whose ids it assigns: records first, then parts. The order is part of the
 * checksum in the mark of an unfinished copy.
 */
export const counters = [
  ...all.map(({ name, table }) => ({ counter: name, table })),
  ...all.flatMap((declaration) =>
    countedParts(declaration).map(([, { counter, table }]) => ({ counter, table })),
  ),
] as readonly { readonly counter: CountedType; readonly table: string }[];
export const countedTypes: readonly CountedType[] = counters.map(({ counter }) => counter);

/** Builds a value for each counter. */
export function byCounter<Value>(make: (counter: CountedType) => Value): Record<CountedType, Value> {
  const made = {} as Record<CountedType, Value>;
  for (const counter of countedTypes) made[counter] = make(counter);
  return made;
}

/** Unused ids by counter. A list is replaced, never changed. */
export type NewIds = { [Type in CountedType]: readonly number[] };

const noIds: readonly number[] = [];
const noneOfAnyType = byCounter(() => noIds);

/** Returns empty lists for all counters. */
export const noNewIds = (): NewIds => ({ ...noneOfAnyType });

/** Records by type and id; null: no record has that id. */
export type RecordMaps = { readonly [Type in RecordType]: ReadonlyMap<number, Records[Type] | null> };

const noRecords: ReadonlyMap<number, never> = new Map<number, never>();
const noMaps = byType(() => noRecords);

/** Creates empty record maps. All types share one empty map: a call touches few of them. */
export const emptyRecordMaps = (): RecordMaps => ({ ...noMaps });

/** Returns the map of a type, to write to. */
export function ownRecordMap<Type extends RecordType>(
  maps: RecordMaps,
  type: Type,
): Map<number, Records[Type] | null> {
  const own = maps as { [Name in RecordType]: ReadonlyMap<number, Records[Type] | null> };
  if (own[type] === noRecords) own[type] = new Map();
  return own[type] as Map<number, Records[Type] | null>;
}
