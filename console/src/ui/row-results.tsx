import { Link } from 'wouter';
import { type RowResult, type Status, statuses } from '../api.ts';
import { path } from '../http.ts';
import { Changes } from './changes.tsx';
import { StatusChip } from './chip.tsx';
import { type Column, Table } from './table.tsx';
import { Text } from './text.tsx';

const meanings: Readonly<Record<Status, string>> = {
  CREATED: 'a new object was stored',
  UPDATED: 'the object had other values before',
  DELETED: 'the object was removed',
  UNCHANGED: 'the object had these values already, or there was nothing to remove',
  SKIPPED: 'the operation does not apply to what was found: the reason names it',
  FAILED: 'the row was refused: the reason names the value and what was expected',
};

const columns: readonly Column<RowResult>[] = [
  { title: 'Row', number: true, cell: ({ position }) => position },
  { title: 'Status', cell: ({ status }) => <StatusChip status={status} /> },
  {
    title: 'Object',
    cell: ({ type, objectType, id, name }) => (
      <span>
        {id === null || objectType === null ? (
          <Text value={type} most={60} />
        ) : (
          <Link href={path('objects', objectType, id)}>
            <Text value={type} most={60} /> {id}
          </Link>
        )}{' '}
        {name !== null && <Text value={name} most={80} />}
      </span>
    ),
  },
  {
    title: 'Key',
    cell: ({ externalKey }) =>
      externalKey && (
        <span>
          <Text value={externalKey.name} most={60} /> = <Text value={externalKey.value} most={80} />
        </span>
      ),
  },
  {
    title: 'Reason and changes',
    cell: ({ reason, changes }) =>
      reason === null && changes.length === 0 ? null : (
        <div>
          {reason !== null && <Text value={reason} most={2000} />}
          <Changes changes={changes} />
        </div>
      ),
  },
];

/** The rows of a call: what became of each, and why. */
export function RowResults({ rows }: { readonly rows: readonly RowResult[] }) {
  const present = statuses.filter((status) => rows.some((row) => row.status === status));
  return (
    <>
      <Table label="Rows" tall items={rows} columns={columns} keyOf={({ position }) => position} />
      <dl className="panel-body small meanings">
        {present.map((status) => (
          <div key={status} className="row">
            <dt>
              <StatusChip status={status} />
            </dt>
            <dd className="muted">{meanings[status]}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
