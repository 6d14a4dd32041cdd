import { hash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { canonicalText, cursorBehind, sectionOf } from './section-rows.ts';
import type { Cursor, SectionName, SectionReader, SectionRows } from './sections.ts';

/**
 * Number of rows of a section so far, and their checksum: SHA-256 over the previous checksum and the next row.
 */
export interface Seen {
  readonly rows: number;
  readonly checksum: string;
  readonly after: Cursor;
}

export const nothingSeen: Seen = { rows: 0, checksum: '', after: [] };

/** Limits of a page: rows, and characters approximately. */
const PAGE_ROWS = 1000;
const PAGE_CHARACTERS = 2_000_000;
const FIRST_PAGE = 100;

export interface SectionPage<Name extends SectionName> {
  readonly rows: readonly SectionRows[Name][];
  /** Includes these rows. */
  readonly seen: Seen;
}

/**
 * Yields the pages of a section after `seen`. Adapts their size to that of the previous rows, because a row can have
 * a megabyte. Yields to the event loop between pages.
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

/** Reads a whole section. `page` is called with the number of rows after each page. */
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
