import type { Changes } from '../rules/facts.ts';

/** Whether there is nothing to write: the call's journal entry may then be written later, with those of reads. */
export const changesNothing = (changes: Changes): boolean =>
  changes.records.length === 0 &&
  changes.looseKeys.length === 0 &&
  changes.newFields.length === 0 &&
  (changes.removedLooseKeys ?? []).length === 0 &&
  (changes.removedFields ?? []).length === 0 &&
  Object.keys(changes.schema ?? {}).length === 0;
