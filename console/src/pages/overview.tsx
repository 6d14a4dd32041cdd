import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { Overview } from '../api.ts';
import { Durations } from '../charts/durations.tsx';
import { RowsOverTime } from '../charts/rows-over-time.tsx';
import { get, withQuery } from '../http.ts';
import { FaultChip, StatusChip } from '../ui/chip.tsx';
import { useFilters } from '../ui/filters.ts';
import { Page, Panel } from '../ui/panel.tsx';
import { Empty, Loaded } from '../ui/states.tsx';
import { Table } from '../ui/table.tsx';
import { Text } from '../ui/text.tsx';
import { duration, Time } from '../ui/time.tsx';

const MINUTE = 60_000;
const spans = [
  { name: '15m', title: '15 minutes', milliseconds: 15 * MINUTE },
  { name: '1h', title: '1 hour', milliseconds: 60 * MINUTE },
  { name: '24h', title: '24 hours', milliseconds: 24 * 60 * MINUTE },
  { name: '7d', title: '7 days', milliseconds: 7 * 24 * 60 * MINUTE },
] as const;
const EVERY = 5000;

/** The page with the recent calls of the server, and the number of stored records. */
export function OverviewPage() {
  const filters = useFilters();
  const span = spans.find(({ name }) => name === filters.get('last')) ?? spans[1];
  const query = useQuery({
    queryKey: ['overview', span.name],
    queryFn: ({ signal }) => {
      const since = new Date(Date.now() - span.milliseconds).toISOString();
      return get<Overview>('/overview', { since }, signal);
    },
    refetchInterval: EVERY,
    placeholderData: keepPreviousData,
  });
  return (
    <Page
      title="Overview"
      actions={
        <fieldset className="segments" aria-label="Time">
          {spans.map(({ name, title }) => (
            <button
              key={name}
              type="button"
              aria-pressed={name === span.name}
              onClick={() => filters.set('last', name)}
            >
              {title}
            </button>
          ))}
        </fieldset>
      }
    >
      <Loaded query={query}>{(data) => <Content data={data} />}</Loaded>
    </Page>
  );
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

function Content({ data }: { readonly data: Overview }) {
  const { buckets, bucketSeconds, since } = data;
  const calls = sum(buckets.map((bucket) => bucket.calls));
  const rows = sum(buckets.flatMap((bucket) => Object.values(bucket.rows)));
  const faults = sum(buckets.map((bucket) => bucket.faults));
  const failed = sum(buckets.map((bucket) => bucket.rows.FAILED ?? 0));
  return (
    <>
      <div className="tiles">
        <Tile href={withQuery('/calls', { since })} figure={calls} title="calls" />
        <Tile href={withQuery('/calls', { since })} figure={rows} title="rows" />
        <Tile href={withQuery('/calls', { since, status: 'FAILED' })} figure={failed} title="rows FAILED" />
        <Tile
          href={withQuery('/calls', { since, fault: 'any' })}
          figure={faults}
          title="calls with a fault"
        />
      </div>
      {calls === 0 ? (
        <Empty title="No calls in this time.">
          Point an integration at <code>{data.server.endpoint ?? `${location.origin}/soap/mktows/2_7`}</code>,
          or <Link href="/try">make a call here</Link>. Older calls are in the <Link href="/calls">list</Link>
          .
        </Empty>
      ) : (
        <div className="columns">
          <Panel title="Rows by status">
            <RowsOverTime buckets={buckets} bucketSeconds={bucketSeconds} />
          </Panel>
          <Panel title="Durations in ms">
            <Durations buckets={buckets} bucketSeconds={bucketSeconds} />
          </Panel>
        </div>
      )}
      <div className="columns">
        <Reasons data={data} />
        <Faults data={data} />
      </div>
      <div className="columns">
        <Operations data={data} />
        <div className="stack">
          <Server data={data} />
          <Store data={data} />
        </div>
      </div>
    </>
  );
}

function Tile({
  href,
  figure,
  title,
}: {
  readonly href: string;
  readonly figure: number;
  readonly title: string;
}) {
  return (
    <Link href={href} className="tile">
      <div className="figure">{figure.toLocaleString('en')}</div>
      <div className="muted">{title}</div>
    </Link>
  );
}

function Reasons({ data: { reasons, since } }: { readonly data: Overview }) {
  return (
    <Panel title="Why rows were SKIPPED or FAILED" bare={reasons.length > 0}>
      {reasons.length === 0 ? (
        <p className="muted">None were in this time.</p>
      ) : (
        <Table
          label="Reasons"
          items={reasons}
          keyOf={({ status, reason }) => `${status} ${reason}`}
          hrefOf={({ lastCall }) => `/calls/${lastCall}`}
          columns={[
            { title: 'Last call', cell: ({ lastCall }) => `#${lastCall}` },
            { title: 'Status', cell: ({ status }) => <StatusChip status={status} /> },
            { title: 'Rows', number: true, cell: ({ rows }) => rows.toLocaleString('en') },
            {
              title: 'Reason',
              cell: ({ reason, status }) => (
                <Link href={withQuery('/calls', { since, status, text: longestPart(reason) })}>
                  <Text value={reason} />
                </Link>
              ),
            },
          ]}
        />
      )}
    </Panel>
  );
}

/** Returns the longest part of a reason that is there as it is: values in it are left out as `…`. */
const longestPart = (reason: string): string =>
  reason
    .split('…')
    .reduce((longest, part) => (part.length > longest.length ? part : longest))
    .slice(0, 200);

function Faults({ data: { faults, since } }: { readonly data: Overview }) {
  return (
    <Panel title="Faults" bare={faults.length > 0}>
      {faults.length === 0 ? (
        <p className="muted">No call ended with a fault in this time.</p>
      ) : (
        <Table
          label="Faults"
          items={faults}
          keyOf={({ code, text }) => `${code} ${text}`}
          hrefOf={({ code }) => withQuery('/calls', { since, fault: String(code) })}
          columns={[
            { title: 'Fault', cell: ({ code }) => <FaultChip code={code} /> },
            { title: 'Calls', number: true, cell: ({ calls }) => calls.toLocaleString('en') },
            { title: 'Last', cell: ({ last }) => <Time at={last} /> },
            { title: 'Text', cell: ({ text }) => <Text value={text ?? ''} /> },
          ]}
        />
      )}
    </Panel>
  );
}

function Operations({ data: { operations, since } }: { readonly data: Overview }) {
  if (operations.length === 0) return null;
  return (
    <Panel title="Operations" bare>
      <Table
        label="Operations"
        items={operations}
        keyOf={({ operation }) => operation}
        hrefOf={({ operation }) => withQuery('/calls', { since, operation })}
        columns={[
          { title: 'Operation', cell: ({ operation }) => <Text value={operation} most={80} /> },
          { title: 'Calls', number: true, cell: ({ calls }) => calls.toLocaleString('en') },
          { title: 'Faults', number: true, cell: ({ faults }) => faults.toLocaleString('en') },
          {
            title: 'Rows',
            number: true,
            cell: ({ rows }) => sum(Object.values(rows)).toLocaleString('en'),
          },
        ]}
      />
    </Panel>
  );
}

function Store({ data: { store } }: { readonly data: Overview }) {
  return (
    <Panel title="What the store holds" bare>
      <Table
        label="Stored objects"
        items={store}
        keyOf={({ type }) => type}
        hrefOf={({ type }) => `/objects/${type}`}
        columns={[
          { title: 'Type', cell: ({ type }) => type },
          { title: 'Objects', number: true, cell: ({ count }) => count.toLocaleString('en') },
        ]}
      />
    </Panel>
  );
}

function Server({ data: { server } }: { readonly data: Overview }) {
  const running = Date.now() - new Date(server.startedAt).getTime();
  return (
    <Panel title="Server">
      <dl className="facts">
        <dt>Version</dt>
        <dd>mktows {server.version}</dd>
        <dt>Started</dt>
        <dd>
          <Time at={server.startedAt} /> <span className="muted">({ago(running)} ago)</span>
        </dd>
        <dt>Store</dt>
        <dd>
          {server.engine} <Text value={server.location} />
        </dd>
        <dt>Durability</dt>
        <dd>{server.durability}</dd>
        <dt>Users</dt>
        <dd>
          <Link href="/users">
            {server.userIds.length === 1 ? '1 user' : `${server.userIds.length} users`}
          </Link>
        </dd>
      </dl>
    </Panel>
  );
}

function ago(milliseconds: number): string {
  if (milliseconds < MINUTE) return duration(milliseconds);
  const minutes = Math.round(milliseconds / MINUTE);
  if (minutes < 120) return `${minutes} minutes`;
  return minutes < 48 * 60 ? `${Math.round(minutes / 60)} hours` : `${Math.round(minutes / 1440)} days`;
}
