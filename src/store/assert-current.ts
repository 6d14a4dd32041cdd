import { type MigrationStep, StoreError } from './store.ts';

/** Throws unless the database exists and has the current schema version. */
export function assertCurrent(location: string, steps: readonly MigrationStep[]): void {
  const toCome = steps.filter(({ appliedAt }) => appliedAt === null);
  if (toCome.length === 0) return;
  throw new StoreError(
    toCome.length === steps.length
      ? `there is no database of mktows at ${location}; "mktows serve" and "mktows migrate --create" make one`
      : `the database ${location} is of an older form; bring it to the form of this version with "mktows migrate"`,
    { failure: 'unusable' },
  );
}
