import type { DatabaseSync } from 'node:sqlite';
import type { ObjectQuery } from '../../rules/query.ts';
import { tableNames } from '../columns.ts';
import { columnOf } from '../find-columns.ts';
import { IN_MEMORY, locationOf } from './location.ts';
import { valueQuery } from './statements.ts';

/**
 * The columns that get an index of their own when a query first compares them. An index makes each change of its column
 * dearer, so those who never ask do not pay for it; `updated_at` would be paid for by every update.
 */
const rangeColumns: Readonly<Record<string, readonly string[]>> = {
  opportunity: ['name', 'stage', 'type', 'created_at', 'updated_at'],
  opportunity_person_role: ['created_at', 'updated_at'],
};

/** The same for columns of references, whose index is named after what they lead to. */
const referenceIndexes: Readonly<Record<string, string>> = { company_id: 'opportunity_by_company' };

/** Indexes by column. Those that are there are read from the database once, and others as they are made. */
export interface QueryIndexes {
  /** Whether the query compares a column whose index is to be made first. */
  areMissing(query: ObjectQuery): boolean;
  /** Makes the indexes that the query needs, inside the transaction that is under way: one pass over the table each. */
  make(query: ObjectQuery): void;
  /** To be called when that transaction is rolled back. */
  forget(): void;
}

/** The name of the index by which ranges of a column are read; undefined: it never gets one. */
export function rangeIndexOf(table: string, column: string): string | undefined {
  return rangeColumns[table]?.includes(column) ? `${table}_by_${column}` : undefined;
}

/** Index → column, of all that the query compares. */
function indexesFor({ type, conditions, associations }: ObjectQuery): Map<string, string> {
  const table = tableNames[type];
  const wanted = new Map<string, string>();
  const want = (index: string | undefined, column: string) => {
    if (index !== undefined) wanted.set(index, column);
  };
  for (const { subject, comparison } of conditions) {
    const column = comparison === 'NE' ? undefined : columnOf(type, subject)?.name;
    if (column !== undefined) want(rangeIndexOf(table, column) ?? referenceIndexes[column], column);
  }
  if (type === 'Opportunity' && associations.some(({ target }) => target === 'Company')) {
    want(referenceIndexes.company_id, 'company_id');
  }
  return wanted;
}

export function queryIndexes(db: DatabaseSync): QueryIndexes {
  const names = valueQuery<[], string>(db, "SELECT name FROM sqlite_master WHERE type = 'index'");
  let known: Set<string> | undefined;

  function missing(query: ObjectQuery): [index: string, column: string][] {
    known ??= new Set(names.all());
    const made = known;
    return [...indexesFor(query)].filter(([index]) => !made.has(index));
  }

  return {
    areMissing: (query) => missing(query).length > 0,
    make(query) {
      const table = tableNames[query.type];
      // A large table is sorted on the disk, not in memory; a table in memory needs no disk.
      if (locationOf(db) !== IN_MEMORY) db.exec('PRAGMA temp_store = FILE');
      try {
        for (const [index, column] of missing(query)) {
          db.exec(`CREATE INDEX IF NOT EXISTS ${index} ON ${table} (${column}) WHERE ${column} IS NOT NULL`);
          known?.add(index);
        }
      } finally {
        db.exec('PRAGMA temp_store = MEMORY');
      }
    },
    forget() {
      known = undefined;
    },
  };
}
