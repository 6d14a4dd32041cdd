import type { FieldDefinition, ValueType } from '../contract/fields.ts';
import {
  type CountedType,
  countedTypes,
  type RecordSection,
  type RecordsBySection,
  recordSections,
} from '../records/all.ts';
import type { LooseKey } from '../rules/facts.ts';
import type { ChannelStatus, FieldOwner } from '../rules/schema.ts';
import type { CallBody, KeptJournalEntry, TrafficRow, UserRow } from './store.ts';

/** The counters of object ids and of journal numbers. A number is never assigned twice. */
export const counterNames: readonly CounterName[] = [...countedTypes, 'Journal'];
export type CounterName = CountedType | 'Journal';

/**
 * The row type of each section, the same on every engine. The index of external keys is derived from these rows.
 */
export interface SectionRows extends RecordsBySection {
  fields: { readonly owner: FieldOwner; readonly field: FieldDefinition };
  tags: { readonly type: string; readonly values: readonly string[] };
  channels: { readonly channel: string; readonly statuses: readonly ChannelStatus[] };
  /** Fields that are in the index of external keys. */
  keyFields: { readonly type: ValueType; readonly name: string };
  looseKeys: LooseKey;
  users: UserRow;
  /** Keys that sign stream positions. */
  secrets: { readonly name: string; readonly value: Uint8Array };
  /** `last`: the highest assigned number; 0 for none. */
  counters: { readonly counter: CounterName; readonly last: number };
  journal: KeptJournalEntry;
  /** Requests and answers that calls left. */
  bodies: CallBody;
  /** Counts of calls by time. */
  traffic: TrafficRow;
}
export type SectionName = keyof SectionRows;

/**
 * All sections with their titles, in the order of copying: definitions before the rows that they index, objects
 * before their loose keys, and the journal last, because it has an entry of every earlier call.
 */
export const sectionTitles: Readonly<Record<SectionName, string>> = {
  fields: 'custom fields',
  tags: 'tag types',
  channels: 'channels',
  keyFields: 'indexed key fields',
  ...(Object.fromEntries(recordSections.map((section) => [section, section])) as Record<
    RecordSection,
    string
  >),
  looseKeys: 'loose external keys',
  users: 'users',
  secrets: 'signing secrets',
  counters: 'id counters',
  journal: 'journal entries',
  bodies: 'bodies of calls',
  traffic: 'counts of calls',
};
export const sectionNames = Object.keys(sectionTitles) as readonly SectionName[];

/** The row after which a page begins; empty for the first page. */
export type Cursor = readonly (string | number)[];

/** Sections that are read and written completely; servers hold them in memory, too. */
export const wholeSections = ['fields', 'tags', 'channels', 'keyFields', 'secrets', 'counters'] as const;
export type WholeSection = (typeof wholeSections)[number];
export type PagedSection = Exclude<SectionName, WholeSection>;

export const isWhole = (section: SectionName): section is WholeSection =>
  (wholeSections as readonly string[]).includes(section);

/** Reads the sections of a database. Each page is a snapshot. */
export interface SectionReader {
  /** The database, without credentials. */
  readonly location: string;
  counts(): Promise<Readonly<Record<SectionName, number>>>;
  /**
   * Reads the rows after the cursor, in an order that is the same on every engine; at most `limit` of a paged
   * section.
   */
  page<Name extends SectionName>(section: Name, after: Cursor, limit: number): Promise<SectionRows[Name][]>;
  close(): Promise<void>;
}

/** The target of a copy. While the copy is unfinished, it has a mark, and no server opens it. */
export interface SectionWriter extends SectionReader {
  /** Short instruction to empty it. */
  readonly toEmpty: string;
  /** Returns the mark of the last `begin` or `write`; undefined if there is no unfinished copy. */
  mark(): Promise<string | undefined>;
  begin(mark: string): Promise<void>;
  /**
   * Writes new rows and the new mark in one transaction. Secrets and counters replace those of the empty database.
   * Rejects and writes nothing if the mark is no longer `before`.
   */
  write<Name extends SectionName>(
    section: Name,
    rows: readonly SectionRows[Name][],
    mark: { readonly before: string; readonly after: string },
  ): Promise<void>;
  /** Removes the mark, which makes it a normal database. */
  finish(): Promise<void>;
}
