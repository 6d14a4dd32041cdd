import type { DatabaseSync } from 'node:sqlite';
import { isRecordSection, sectionTypes } from '../../records/all.ts';
import { definitionRows, numberAfter, sectionTables } from '../section-rows.ts';
import {
  type Cursor,
  counterNames,
  isWhole,
  type PagedSection,
  type SectionName,
  type SectionReader,
  type SectionRows,
  type WholeSection,
} from '../sections.ts';
import { type BodyTableRow, toBody } from './bodies.ts';
import { type JournalTableRow, toEntry } from './journal-row.ts';
import { keyIndex } from './keys.ts';
import { recordReaders } from './records.ts';
import type { SchemaTables } from './schema.ts';
import { objectQuery, rowQuery, valueQuery } from './statements.ts';
import { type TrafficTableRow, toTraffic } from './traffic.ts';
import type { Guard } from './transaction.ts';
import { toUser, type UserTableRow } from './users.ts';

/** Each can have half a megabyte. */
const BODIES_AT_ONCE = 20;

/** Reads the sections of a database for a copy. */
export function sectionReader(
  db: DatabaseSync,
  guard: Guard,
  schemas: SchemaTables,
): Pick<SectionReader, 'counts' | 'page'> {
  const records = recordReaders(db);
  const keys = keyIndex(db, schemas);
  const users = objectQuery<[string, number], UserTableRow>(
    db,
    'SELECT * FROM api_user WHERE user_id > ? ORDER BY user_id LIMIT ?',
  );
  const journal = objectQuery<[number, number], JournalTableRow>(
    db,
    'SELECT * FROM journal WHERE number > ? ORDER BY number LIMIT ?',
  );
  const bodies = objectQuery<[number, number], BodyTableRow>(
    db,
    'SELECT number, call_id, at, request, answer FROM call_body WHERE number > ? ORDER BY number LIMIT ?',
  );
  const traffic = rowQuery<[number, string, string, number], TrafficTableRow>(
    db,
    'SELECT span, since, run, content FROM traffic WHERE (span, since, run) > (?, ?, ?) ORDER BY span, since, run LIMIT ?',
  );
  const secrets = objectQuery<[], { name: string; value: Uint8Array }>(
    db,
    'SELECT name, value FROM server_secret ORDER BY name',
  );
  const counters = rowQuery<[], [string, number]>(
    db,
    'SELECT type, last_id FROM counter UNION ALL ' +
      "SELECT 'Journal', seq FROM sqlite_sequence WHERE name = 'journal'",
  );

  type Whole = { [Name in WholeSection]: SectionRows[Name][] };

  function whole(): Whole {
    const last = new Map(counters.all());
    return {
      ...definitionRows(schemas.current()),
      secrets: secrets.all(),
      counters: counterNames.map((counter) => ({ counter, last: last.get(counter) ?? 0 })),
    };
  }

  function paged(section: PagedSection, after: Cursor, limit: number): SectionRows[PagedSection][] {
    if (isRecordSection(section)) return records[sectionTypes[section]].after(numberAfter(after), limit);
    switch (section) {
      case 'looseKeys':
        return keys.looseAfter(String(after[0] ?? ''), Number(after[1] ?? 0), String(after[2] ?? ''), limit);
      case 'users':
        return users.all(String(after[0] ?? ''), limit).map(toUser);
      case 'journal':
        return journal.all(numberAfter(after), limit).map(toEntry);
      case 'bodies':
        return bodies.all(numberAfter(after), Math.min(limit, BODIES_AT_ONCE)).map(toBody);
      case 'traffic':
        return traffic
          .all(numberAfter(after), String(after[1] ?? ''), String(after[2] ?? ''), limit)
          .map(toTraffic);
    }
  }

  return {
    counts: async () =>
      guard.read(() => {
        const counts: Partial<Record<SectionName, number>> = {};
        for (const [section, rows] of Object.entries(whole())) counts[section as WholeSection] = rows.length;
        for (const [section, table] of Object.entries(sectionTables)) {
          const count = valueQuery<[], number>(db, `SELECT count(*) FROM ${table}`).get();
          counts[section as PagedSection] = count ?? 0;
        }
        return counts as Record<SectionName, number>;
      }),
    page: async <Name extends SectionName>(section: Name, after: Cursor, limit: number) =>
      guard.read(() => {
        if (!isWhole(section)) return paged(section, after, limit) as SectionRows[Name][];
        return (after.length > 0 ? [] : whole()[section]) as SectionRows[Name][];
      }),
  };
}
