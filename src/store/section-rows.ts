import { type ValueType, valueTypes } from '../contract/fields.ts';
import { isRecordSection, type RecordSection, recordSections, sectionTypes } from '../records/all.ts';
import type { AnyRecordChange, Changes } from '../rules/facts.ts';
import { noChanges } from '../rules/plan.ts';
import { fieldOwners, foldName, type Schema } from '../rules/schema.ts';
import { tableNames } from './columns.ts';
import { type Cursor, isWhole, type PagedSection, type SectionName, type SectionRows } from './sections.ts';

/** The tables that are counted for the sections; of programs not their costs and tags. */
export const sectionTables: Readonly<Record<PagedSection, string>> = {
  ...(Object.fromEntries(
    recordSections.map((section) => [section, tableNames[sectionTypes[section]]]),
  ) as Record<RecordSection, string>),
  looseKeys: 'external_key WHERE loose',
  users: 'api_user',
  journal: 'journal',
  bodies: 'call_body',
  traffic: 'traffic',
};

/** A section with its rows, discriminated by the section's name. */
export type AnySection = {
  [Name in SectionName]: { readonly section: Name; readonly rows: readonly SectionRows[Name][] };
}[SectionName];

export const sectionOf = <Name extends SectionName>(
  section: Name,
  rows: readonly SectionRows[Name][],
): AnySection => ({ section, rows }) as unknown as AnySection;

type Definitions = {
  readonly schema: Schema;
  readonly keyFields: Readonly<Record<ValueType, readonly { readonly name: string }[]>>;
};

/** Returns the sections of the definitions. */
export const definitionRows = ({ schema, keyFields }: Definitions) => ({
  fields: fieldOwners.flatMap((owner) =>
    schema.fields[owner].all.filter(({ custom }) => custom).map((field) => ({ owner, field })),
  ),
  tags: Array.from(schema.tags, ([type, values]) => ({ type, values })),
  channels: Array.from(schema.channels, ([channel, statuses]) => ({ channel, statuses })),
  keyFields: valueTypes.flatMap((type) => keyFields[type].map(({ name }) => ({ type, name }))),
});

/** Returns the changes that create the rows; undefined for sections that are not written by changes. */
export function changesOf(part: AnySection): Changes | undefined {
  switch (part.section) {
    case 'fields':
      return { ...noChanges, newFields: part.rows };
    case 'tags':
      return { ...noChanges, schema: { tags: new Map(part.rows.map(({ type, values }) => [type, values])) } };
    case 'channels': {
      const channels = new Map(part.rows.map(({ channel, statuses }) => [channel, statuses]));
      return { ...noChanges, schema: { channels } };
    }
    case 'looseKeys':
      return { ...noChanges, looseKeys: part.rows };
    default: {
      if (!isRecordSection(part.section)) return undefined;
      const type = sectionTypes[part.section];
      const created = part.rows.map((after) => ({ type, before: undefined, after }) as AnyRecordChange);
      return { ...noChanges, records: created };
    }
  }
}

/** Returns the cursor after these rows. */
export function cursorBehind(part: AnySection): Cursor {
  if (part.rows.length === 0) throw new TypeError(`no row of ${part.section} to stand behind`);
  if (isWhole(part.section)) return ['all'];
  switch (part.section) {
    case 'users':
      return part.rows.slice(-1).map(({ userId }) => userId);
    case 'journal':
    case 'bodies':
      return part.rows.slice(-1).map(({ number }) => number);
    case 'traffic':
      return part.rows.slice(-1).flatMap(({ span, since, run }) => [span, since, run]);
    case 'looseKeys':
      return part.rows.slice(-1).flatMap(({ type, id, name }) => [type, id, foldName(name)]);
    default:
      return (part.rows as readonly { readonly id: number }[]).slice(-1).map(({ id }) => id);
  }
}

/** Returns the number in the cursor of a section that is ordered by number. */
export const numberAfter = (after: Cursor): number => Number(after[0] ?? 0);

/**
 * Returns the canonical text of a row, the same on every engine: maps and objects sorted by name, bytes in
 * hexadecimal.
 */
export const canonicalText = (row: unknown): string => JSON.stringify(canonical(row));

function canonical(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(canonical);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  return entries
    .filter(([, part]) => part !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, part]) => [name, canonical(part)]);
}
