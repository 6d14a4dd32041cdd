import { hash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { canonicalText, cursorBehind, sectionOf } from './section-rows.ts';
import type { Cursor, SectionName, SectionReader, SectionRows } from './sections.ts';

/** How much of a section has been seen, and the checksum of it: SHA-256 over the one before and the next row. */
export interface Seen {
  readonly rows: number;
  readonly checksum: string;
  readonly after: Cursor;
}

export const nothingSeen: Seen = { rows: 0, checksum: '', after: [] };

/** A page has so many rows at most, and so many characters as a rule. */
const PAGE_ROWS = 1000;
const PAGE_CHARACTERS = 2_000_000;
const FIRST_PAGE = 100;

export interface SectionPage<Name extends SectionName> {
  readonly rows: readonly SectionRows[Name][];
  /** With these rows. */
  readonly seen: Seen;
}

/**
 * The pages of a section behind what was seen of it. Rows can have a megabyte: the size of a page follows those of the
 * rows before. Between pages others have a turn.
 */
export async function* pagesOf<Name extends SectionName>(
  reader: SectionReader,
  section: Name,
  from: Seen,
): AsyncGenerator<SectionPage<Name>> {
  let seen = from;
  let limit = FIRST_PAGE;
  for (;;) {
    const rows = await reader.page(section, seen.after, limit);
    if (rows.length === 0) return;
    const texts = rows.map(canonicalText);
    seen = {
      rows: seen.rows + rows.length,
      checksum: texts.reduce((checksum, text) => hash('sha256', checksum + text), seen.checksum),
      after: cursorBehind(sectionOf(section, rows)),
    };
    yield { rows, seen };
    const characters = texts.reduce((sum, { length }) => sum + length, 0);
    const fitting = Math.floor((PAGE_CHARACTERS * rows.length) / characters);
    limit = Math.max(1, Math.min(PAGE_ROWS, 2 * limit, fitting));
    await turn();
  }
}

/** All of a section. `page` is told after each page how many rows were seen. */
export async function seenOf(
  reader: SectionReader,
  section: SectionName,
  page: (rows: number) => void = () => {},
): Promise<Seen> {
  let seen = nothingSeen;
  for await (const next of pagesOf(reader, section, nothingSeen)) {
    seen = next.seen;
    page(seen.rows);
  }
  return seen;
}
