import type { Changes, JournalEntry } from '../rules/facts.ts';

/**
 * Whether a decision only read: nothing is written, and no row was refused. Its journal entry is then written a moment
 * later, as that of a read; a refusal is in the journal before the client hears of it.
 */
export const isRead = (changes: Changes, journal: JournalEntry | null): boolean =>
  changes.records.length === 0 &&
  changes.looseKeys.length === 0 &&
  changes.newFields.length === 0 &&
  (changes.removedLooseKeys ?? []).length === 0 &&
  (changes.removedFields ?? []).length === 0 &&
  Object.keys(changes.schema ?? {}).length === 0 &&
  !journal?.rows.some(({ status }) => status === 'FAILED');
