import { type InfiniteData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { Link } from 'wouter';
import { type CallItem, type Page as PageOf, statuses } from '../api.ts';
import { faultCodes, operations } from '../choices.ts';
import { get, streamCalls } from '../http.ts';
import { FaultChip, RowChips } from '../ui/chip.tsx';
import { Choice } from '../ui/choice.tsx';
import { type Filters, useFilters } from '../ui/filters.ts';
import { Page, Panel } from '../ui/panel.tsx';
import { SearchBox } from '../ui/search-box.tsx';
import { Empty, ErrorNote, SearchOn } from '../ui/states.tsx';
import { type Column, Pager, Table } from '../ui/table.tsx';
import { Text } from '../ui/text.tsx';
import { duration, Time } from '../ui/time.tsx';
import { useRefused } from './refused.tsx';

const names = ['text', 'user', 'operation', 'status', 'fault', 'since', 'until'] as const;
/** The time for which arriving calls are collected before the list changes, in milliseconds. */
const COLLECTED = 200;
/** Calls that are kept in the list while new ones arrive. */
const KEPT = 500;

const columns: readonly Column<CallItem>[] = [
  { title: 'Call', cell: ({ number }) => `#${number}` },
  { title: 'Time', cell: ({ at }) => <Time at={at} /> },
  {
    title: 'Operation',
    cell: ({ operation, mode }) => (
      <span className="nowrap">
        <Text value={operation || 'unknown'} most={80} />{' '}
        {mode && (
          <span className="muted">
            <Text value={mode} most={60} />
          </span>
        )}
      </span>
    ),
  },
  {
    title: 'Result',
    cell: ({ rows, fault, outcomeUnknown }) => (
      <span className="chips">
        {fault && <FaultChip code={fault.code} />}
        {outcomeUnknown && <span className="chip chip-skipped">outcome unknown</span>}
        <RowChips rows={rows} />
        {fault && (
          <span className="clip muted">
            <Text value={fault.text ?? ''} most={160} />
          </span>
        )}
      </span>
    ),
  },
  {
    title: 'User',
    cell: ({ userId }) => (
      <span className="nowrap">
        <Text value={userId} most={32} />
      </span>
    ),
  },
  { title: 'Took', number: true, cell: ({ milliseconds }) => duration(milliseconds) },
];

/** The calls, newest first; new ones arrive by themselves. */
export function CallsPage() {
  const filters = useFilters();
  const [isLive, setLive] = useState(true);
  const query = Object.fromEntries(names.map((name) => [name, filters.get(name)]));
  const key = ['calls', query] as const;
  const list = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam, signal }) =>
      get<PageOf<CallItem>>('/calls', { ...query, after: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    maxPages: 40,
  });
  const { isOpen, arrived } = useLive(isLive, key, filters.isEmpty, () => void list.refetch());
  const calls = list.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <Page
      title="Calls"
      actions={
        <button type="button" aria-pressed={isLive} onClick={() => setLive(!isLive)}>
          <span className={isLive && isOpen ? 'live-dot on' : 'live-dot'} aria-hidden="true" />
          {isLive ? (isOpen ? 'Live' : 'Connecting…') : 'Paused'}
        </button>
      }
    >
      <FilterBar filters={filters} />
      <Refused />
      {list.error && <ErrorNote error={list.error} retry={() => void list.refetch()} />}
      {list.data &&
        calls.length === 0 &&
        !list.hasNextPage &&
        (filters.isEmpty ? <NoCalls /> : <NoMatch filters={filters} />)}
      {calls.length === 0 && list.hasNextPage && <SearchOn list={list} />}
      {calls.length > 0 && (
        <Panel title="Newest first" bare>
          <Table
            label="Calls"
            tall
            items={calls}
            columns={columns}
            keyOf={({ number }) => number}
            hrefOf={({ number }) => `/calls/${number}`}
            isNew={({ number }) => arrived.has(number)}
          />
          <Pager
            shown={calls.length}
            hasMore={list.hasNextPage}
            isLoading={list.isFetchingNextPage}
            more={() => void list.fetchNextPage()}
          />
        </Panel>
      )}
    </Page>
  );
}

function FilterBar({ filters }: { readonly filters: Filters }) {
  return (
    <form className="filters" aria-label="Filters" onSubmit={(event) => event.preventDefault()}>
      <SearchBox
        label="Text"
        placeholder="name, key, reason, call id"
        value={filters.get('text')}
        onChange={(text) => filters.set('text', text)}
      />
      <Choice
        label="Operation"
        any="any"
        options={operations}
        value={filters.get('operation')}
        onChange={(value) => filters.set('operation', value)}
      />
      <Choice
        label="With a row"
        any="any status"
        options={statuses}
        value={filters.get('status')}
        onChange={(value) => filters.set('status', value)}
      />
      <Choice
        label="Fault"
        any="any or none"
        options={['any', 'none', ...faultCodes]}
        value={filters.get('fault')}
        onChange={(value) => filters.set('fault', value)}
      />
      <SearchField label="User" value={filters.get('user')} onChange={(user) => filters.set('user', user)} />
      {(['since', 'until'] as const).map(
        (name) =>
          filters.get(name) !== '' && (
            <span key={name} className="row">
              <span className="muted">{name}</span> <Time at={filters.get(name)} />
              <button type="button" className="plain" onClick={() => filters.set(name, '')}>
                Remove
              </button>
            </span>
          ),
      )}
      {!filters.isEmpty && (
        <button type="button" className="plain" onClick={filters.clear}>
          Clear all
        </button>
      )}
    </form>
  );
}

function SearchField({
  label,
  value,
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}) {
  return (
    <label className="field">
      <span>{label}</span>
      <input
        key={value}
        defaultValue={value}
        onBlur={({ target }) => onChange(target.value.trim())}
        onKeyDown={({ key, currentTarget }) => key === 'Enter' && onChange(currentTarget.value.trim())}
      />
    </label>
  );
}

/** Leads to the calls that are not in the journal, since nobody has proved who sent them. */
function Refused() {
  const count = useRefused().data?.items.length ?? 0;
  if (count === 0) return null;
  return (
    <div className="note note-skipped">
      <span>
        Signatures were refused: {count === 1 ? '1 call' : `${count} calls`} lately.{' '}
        <Link href="/calls/refused">See what was signed, and whose clock is off.</Link>
      </span>
    </div>
  );
}

function NoCalls() {
  return (
    <Empty title="No calls yet.">
      Point an integration at <code>{location.origin}/soap/mktows/2_7</code>, or{' '}
      <Link href="/try">make a call here</Link>. Calls appear by themselves.
    </Empty>
  );
}

function NoMatch({ filters }: { readonly filters: Filters }) {
  return (
    <Empty title="No call matches these filters.">
      <button type="button" onClick={filters.clear}>
        Show all calls
      </button>
    </Empty>
  );
}

type Pages = InfiniteData<PageOf<CallItem>, string | null>;

/** Adds calls to the list as they are answered. With filters the list is read again, since the server applies them. */
function useLive(isLive: boolean, key: readonly unknown[], isUnfiltered: boolean, reload: () => void) {
  const queries = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const [arrived, setArrived] = useState<ReadonlySet<number>>(new Set());
  const now = useRef({ key, isUnfiltered, reload });
  now.current = { key, isUnfiltered, reload };
  useEffect(() => {
    if (!isLive) return;
    let collected: CallItem[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    function show(): void {
      const { key: current, isUnfiltered: canAdd, reload: again } = now.current;
      // A list that is being read would be read from its beginning, and with many calls never to its end.
      const isBusy = !canAdd && queries.isFetching({ queryKey: current, exact: true }) > 0;
      timer = isBusy ? setTimeout(show, COLLECTED) : undefined;
      if (isBusy) return;
      const calls = collected.toReversed();
      collected = [];
      setArrived(new Set(calls.map(({ number }) => number)));
      const longer = canAdd ? withNew(queries.getQueryData<Pages>(current), calls) : undefined;
      if (longer) queries.setQueryData<Pages>(current, longer);
      else if (canAdd) void queries.resetQueries({ queryKey: current });
      else again();
    }
    const end = streamCalls(
      (data) => {
        collected.push(JSON.parse(data) as CallItem);
        if (collected.length > KEPT) collected.shift();
        timer ??= setTimeout(show, COLLECTED);
      },
      (open) => {
        setOpen(open);
        // Calls may have come between the list and the stream.
        if (open) now.current.reload();
      },
      () => now.current.reload(),
    );
    return () => {
      end();
      clearTimeout(timer);
      setOpen(false);
    };
  }, [isLive, queries]);
  return { isOpen, arrived };
}

/** Returns the list with new calls; undefined: it has become too long, and is read again from its beginning. */
function withNew(data: Pages | undefined, calls: readonly CallItem[]): Pages | undefined {
  const [first, ...others] = data?.pages ?? [];
  if (data === undefined || first === undefined) return undefined;
  const known = new Set(first.items.map(({ number }) => number));
  const added = calls.filter(({ number }) => !known.has(number));
  const items = [...added, ...first.items].sort((one, other) => other.number - one.number);
  return items.length > KEPT ? undefined : { ...data, pages: [{ ...first, items }, ...others] };
}
