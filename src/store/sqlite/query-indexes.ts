import type { DatabaseSync } from 'node:sqlite';
import type { ObjectQuery } from '../../rules/query.ts';
import { tableNames } from '../columns.ts';
import { columnOf } from '../find-columns.ts';
import { IN_MEMORY, locationOf } from './location.ts';
import { valueQuery } from './statements.ts';

/**
 * The columns that are indexed when a query first compares them. An index slows every change of its column, so
 * installations that never query a column do not pay for it; an index on `updated_at` slows every update.
 */
const rangeColumns: Readonly<Record<string, readonly string[]>> = {
  opportunity: ['name', 'stage', 'type', 'created_at', 'updated_at'],
  opportunity_person_role: ['created_at', 'updated_at'],
};

/** The same for reference columns: column → index. */
const referenceIndexes: Readonly<Record<string, string>> = { company_id: 'opportunity_by_company' };

/** The indexes of query columns. The existing ones are read from the database once. */
export interface QueryIndexes {
  /** Returns whether the query compares a column that still lacks its index. */
  areMissing(query: ObjectQuery): boolean;
  /** Creates the indexes that the query needs, inside the current transaction: one pass over the table for each. */
  make(query: ObjectQuery): void;
  /** Called when that transaction is rolled back. */
  forget(): void;
}

/** Returns the name of a column's range index; undefined for columns that never get one. */
export function rangeIndexOf(table: string, column: string): string | undefined {
  return rangeColumns[table]?.includes(column) ? `${table}_by_${column}` : undefined;
}

/** Returns index → column for all columns that the query compares. */
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
      // Sorts large tables on disk rather than in memory. Not needed for a database in memory.
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
