import { type RowCounts, type Status, statuses } from '../api.ts';

const glyphs: Readonly<Record<Status, string>> = {
  CREATED: '+',
  UPDATED: '↻',
  DELETED: '−',
  UNCHANGED: '=',
  SKIPPED: '»',
  FAILED: '×',
};

/** The status of a row: text and a sign, and not colour alone. */
export function StatusChip({ status, count }: { readonly status: Status; readonly count?: number }) {
  return (
    <span className={`chip chip-${status.toLowerCase()}`}>
      <span aria-hidden="true">{glyphs[status] ?? '•'}</span>
      {count === undefined ? status : `${count.toLocaleString('en')} ${status}`}
    </span>
  );
}

/** The number of rows of a call with each status. */
export function RowChips({ rows }: { readonly rows: RowCounts }) {
  const present = statuses.filter((status) => (rows[status] ?? 0) > 0);
  if (present.length === 0) return null;
  return (
    <span className="chips">
      {present.map((status) => (
        <StatusChip key={status} status={status} count={rows[status] ?? 0} />
      ))}
    </span>
  );
}

export function FaultChip({ code }: { readonly code: number | string }) {
  return (
    <span className="chip chip-failed">
      <span aria-hidden="true">×</span>fault {code}
    </span>
  );
}
