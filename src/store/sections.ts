import type { FieldDefinition, StoredType } from '../contract/fields.ts';
import { type CountedType, countedTypes, type LooseKey } from '../rules/facts.ts';
import type { CompanyRecord, LeadRecord, MObjectRecord, ProgramRecord } from '../rules/records.ts';
import type { ChannelStatus, FieldOwner } from '../rules/schema.ts';
import type { KeptJournalEntry, UserRow } from './store.ts';

/** What is counted: ids are never given out twice, nor are numbers of journal entries. */
export const counterNames = [...countedTypes, 'Journal'] as const;
export type CounterName = CountedType | 'Journal';

/** What a row of each section is, whatever engine keeps it. The index of external keys is made from them. */
export interface SectionRows {
  fields: { readonly owner: FieldOwner; readonly field: FieldDefinition };
  tags: { readonly type: string; readonly values: readonly string[] };
  channels: { readonly channel: string; readonly statuses: readonly ChannelStatus[] };
  /** Fields that stand in the index of external keys. */
  keyFields: { readonly type: StoredType; readonly name: string };
  /** With costs, tags and tokens. */
  programs: ProgramRecord;
  companies: CompanyRecord;
  leads: LeadRecord;
  opportunities: MObjectRecord;
  roles: MObjectRecord;
  looseKeys: LooseKey;
  users: UserRow;
  /** What stream positions are signed with. */
  secrets: { readonly name: string; readonly value: Uint8Array };
  /** `last`: the highest number that was given out; 0: none. */
  counters: { readonly counter: CounterName; readonly last: number };
  journal: KeptJournalEntry;
}
export type SectionName = keyof SectionRows;

/**
 * All sections with what people call them, in the order in which they are copied: definitions before what is indexed by
 * them, objects before their loose keys, and the journal last, which has an entry of every call that wrote before.
 */
export const sectionTitles: Readonly<Record<SectionName, string>> = {
  fields: 'custom fields',
  tags: 'tag types',
  channels: 'channels',
  keyFields: 'indexed key fields',
  programs: 'programs',
  companies: 'companies',
  leads: 'leads',
  opportunities: 'opportunities',
  roles: 'roles',
  looseKeys: 'loose external keys',
  users: 'users',
  secrets: 'signing secrets',
  counters: 'id counters',
  journal: 'journal entries',
};
export const sectionNames = Object.keys(sectionTitles) as readonly SectionName[];

/** Behind which row of a section a page begins; empty: with the first. */
export type Cursor = readonly (string | number)[];

/** Sections that are read and written as a whole: they are in each server's memory anyway. */
export const wholeSections = ['fields', 'tags', 'channels', 'keyFields', 'secrets', 'counters'] as const;
export type WholeSection = (typeof wholeSections)[number];
export type PagedSection = Exclude<SectionName, WholeSection>;

export const isWhole = (section: SectionName): section is WholeSection =>
  (wholeSections as readonly string[]).includes(section);

/** Reads all that is copied. Every page is from one state of the database. */
export interface SectionReader {
  /** The database, without credentials. */
  readonly location: string;
  counts(): Promise<Readonly<Record<SectionName, number>>>;
  /** Rows behind the cursor in the section's order, which is the same in every engine; at most `limit` of a paged one. */
  page<Name extends SectionName>(section: Name, after: Cursor, limit: number): Promise<SectionRows[Name][]>;
  close(): Promise<void>;
}

/** A database that is copied to: as long as the copy is unfinished, it has a mark and no server opens it. */
export interface SectionWriter extends SectionReader {
  /** How to make it empty, in a few words for people. */
  readonly toEmpty: string;
  /** The mark that `begin` or the last `write` left; undefined: there is no unfinished copy here. */
  mark(): Promise<string | undefined>;
  begin(mark: string): Promise<void>;
  /**
   * Writes rows that are not there yet, and the new mark, in one transaction; secrets and counters take the place of
   * what the empty database began with. Rejects and writes nothing if the mark is not `before` any more.
   */
  write<Name extends SectionName>(
    section: Name,
    rows: readonly SectionRows[Name][],
    mark: { readonly before: string; readonly after: string },
  ): Promise<void>;
  /** Takes the mark away: from now on it is a database like any other. */
  finish(): Promise<void>;
}
