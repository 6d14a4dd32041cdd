import type { MObjStatus } from '../contract/enumerations.ts';
import type { JournalValue } from './facts.ts';

/** The outcome of one row. `reason`: for the journal; for a FAILED row also its `error` text. */
export interface RowOutcome {
  readonly status: MObjStatus;
  readonly id: number | null;
  readonly reason?: string;
  /** The object's name, for the journal. */
  readonly name?: string | undefined;
  /** Names of the changed fields, costs and tags. */
  readonly changed?: readonly string[];
  /** Their values before and after; of a deleted object only before. */
  readonly before?: readonly JournalValue[];
  readonly after?: readonly JournalValue[];
}

/** Changed fields, costs and tags, with their values. */
export interface ValueChanges {
  readonly changed: string[];
  readonly before: JournalValue[];
  readonly after: JournalValue[];
}

/** Returns the outcome of a row that the operation skips (docs/behaviour.md#3-operation-and-result). */
export const skipped = (id: number | null, reason: string): RowOutcome => ({
  status: 'SKIPPED',
  id,
  reason,
});

/** Returns UPDATED, or UNCHANGED if nothing changed. */
export function updated(
  id: number,
  name: string | undefined,
  { changed, before, after }: ValueChanges,
): RowOutcome {
  return changed.length === 0
    ? { status: 'UNCHANGED', id, name }
    : { status: 'UPDATED', id, name, changed, before, after };
}
