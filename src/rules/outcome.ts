import type { MObjStatus } from '../contract/enumerations.ts';

/** What became of one row. `because`: why, for the journal; on FAILED it is the text of the row's `error`. */
export interface RowOutcome {
  readonly status: MObjStatus;
  readonly id: number | null;
  readonly because?: string;
  /** Names of what changed. */
  readonly changed?: readonly string[];
}

/** The row of an object that stays as it is because of the mode (docs/behaviour.md#3-operation-and-result). */
export const skipped = (id: number | null, because: string): RowOutcome => ({
  status: 'SKIPPED',
  id,
  because,
});

/** The row of an object that was updated, or UNCHANGED if nothing differs. */
export const updated = (id: number, changed: readonly string[]): RowOutcome =>
  changed.length === 0 ? { status: 'UNCHANGED', id } : { status: 'UPDATED', id, changed };
