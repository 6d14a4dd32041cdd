import type { DatabaseSync } from 'node:sqlite';

/** The location of a database that is kept in memory only. */
export const IN_MEMORY = ':memory:';

/** Where an open database is: the path of its file, or `IN_MEMORY`. */
export const locationOf = (db: DatabaseSync): string => db.location() ?? IN_MEMORY;
