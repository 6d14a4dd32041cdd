import type { MObjStatus } from '../contract/enumerations.ts';

/** The outcome of one row. `reason`: for the journal; for a FAILED row also its `error` text. */
export interface RowOutcome {
  readonly status: MObjStatus;
  readonly id: number | null;
  readonly reason?: string;
  /** Names of the changed fields, costs and tags. */
  readonly changed?: readonly string[];
}

/** Returns the outcome of a row that the operation skips (docs/behaviour.md#3-operation-and-result). */
export const skipped = (id: number | null, reason: string): RowOutcome => ({
  status: 'SKIPPED',
  id,
  reason,
});

/** Returns UPDATED, or UNCHANGED if nothing changed. */
export const updated = (id: number, changed: readonly string[]): RowOutcome =>
  changed.length === 0 ? { status: 'UNCHANGED', id } : { status: 'UPDATED', id, changed };
