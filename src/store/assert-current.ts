import { type MigrationStep, StoreError } from './store.ts';

/** Throws unless the database exists and has the current schema version. */
export function assertCurrent(location: string, steps: readonly MigrationStep[]): void {
  const pending = steps.filter(({ appliedAt }) => appliedAt === null);
  if (pending.length === 0) return;
  throw new StoreError(
    pending.length === steps.length
      ? `there is no mktows database at ${location}; create one with "mktows serve" or "mktows migrate --create"`
      : `the database ${location} has an older schema version; run "mktows migrate"`,
    { failure: 'unusable' },
  );
}
