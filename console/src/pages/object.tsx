import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import type { HistoryItem, ObjectDetail, Page as PageOf, Related } from '../api.ts';
import { ApiError, get, path, withQuery } from '../http.ts';
import { Changes } from '../ui/changes.tsx';
import { StatusChip } from '../ui/chip.tsx';
import { EditObject } from '../ui/edit-object.tsx';
import { Page, Panel } from '../ui/panel.tsx';
import { RemoveDialog } from '../ui/remove-dialog.tsx';
import { Empty, ErrorNote, Loaded } from '../ui/states.tsx';
import { Table } from '../ui/table.tsx';
import { Text, Value } from '../ui/text.tsx';
import { Time } from '../ui/time.tsx';
import { useTypes } from './objects.tsx';
import { ProgramParts } from './program-parts.tsx';

/** One object with its values, what it is connected to, and its history. */
export function ObjectPage({ type, id }: { readonly type: string; readonly id: string }) {
  const query = useQuery({
    queryKey: ['object', type, id],
    queryFn: ({ signal }) => get<ObjectDetail>(path('objects', type, id), {}, signal),
  });
  const name = query.data?.name;
  return (
    <Page
      title={name ? `${type} ${id}: ${name.slice(0, 80)}` : `${type} ${id}`}
      above={
        <>
          <Link href="/objects">Objects</Link> /{' '}
          <Link href={path('objects', type)} data-up="">
            {type}
          </Link>
        </>
      }
      actions={query.data && <Actions object={query.data} />}
    >
      {isGone(query.error) ? (
        <>
          <ErrorNote error={query.error} />
          <History type={type} id={Number(id)} />
        </>
      ) : (
        <Loaded query={query}>{(object) => <Content object={object} />}</Loaded>
      )}
    </Page>
  );
}

/** A deleted object still has a history. */
const isGone = (error: Error | null): error is ApiError => error instanceof ApiError && error.status === 404;

function Actions({ object: { type, id, fileForm } }: { readonly object: ObjectDetail }) {
  const info = useTypes().data?.find(({ name }) => name === type);
  const [open, setOpen] = useState<'change' | 'remove'>();
  const [, navigate] = useLocation();
  const close = () => setOpen(undefined);
  return (
    <>
      {fileForm !== null && (
        <button type="button" onClick={() => setOpen('change')}>
          Change
        </button>
      )}
      {info?.removable && (
        <button type="button" className="danger" onClick={() => setOpen('remove')}>
          Remove
        </button>
      )}
      {open === 'change' && <EditObject type={type} id={id} object={fileForm} onClose={close} />}
      {open === 'remove' && (
        <RemoveDialog
          title={`Remove ${type} ${id}?`}
          what={`${type} ${id}`}
          path={path('objects', type, id)}
          onRemoved={() => navigate(path('objects', type))}
          onClose={close}
        >
          <p>What belongs to it goes with it. It is kept if other objects refer to it.</p>
        </RemoveDialog>
      )}
    </>
  );
}

function Content({ object }: { readonly object: ObjectDetail }) {
  return (
    <>
      <div className="columns">
        <Panel title="Values">
          <Values object={object} />
        </Panel>
        <Connections object={object} />
      </div>
      {object.type === 'Program' ? <ProgramParts object={object} /> : <OtherParts parts={object.parts} />}
      <History type={object.type} id={object.id} />
    </>
  );
}

function Values({ object }: { readonly object: ObjectDetail }) {
  const values = Object.entries(object.values).filter(([, value]) => value !== null && value !== undefined);
  return (
    <dl className="facts">
      {values.map(([name, value]) => (
        <Fact key={name} name={name} value={value} />
      ))}
      {object.keys
        .filter(({ name, value }) => String(object.values[name]) !== value)
        .map(({ name, value }) => (
          <Fact key={`key ${name}`} name={`key ${name}`} value={value} />
        ))}
      <dt>Created</dt>
      <dd>
        <Time at={object.createdAt} />
      </dd>
      <dt>Changed</dt>
      <dd>
        <Time at={object.updatedAt} />
      </dd>
    </dl>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: unknown }) {
  return (
    <>
      <dt>
        <Text value={name} most={80} />
      </dt>
      <dd>
        <Value value={value} most={1000} />
      </dd>
    </>
  );
}

function Connections({ object: { related, relatedMore } }: { readonly object: ObjectDetail }) {
  if (related.length === 0) return null;
  return (
    <Panel title="Connected to" bare>
      <Table
        label="Connected objects"
        items={related}
        keyOf={({ type, id, by }: Related) => `${type} ${id} ${by}`}
        hrefOf={({ type, id }) => path('objects', type, id)}
        columns={[
          { title: 'Object', cell: ({ type, id }) => `${type} ${id}` },
          {
            title: 'Name',
            cell: ({ name, isMissing }) =>
              isMissing ? (
                <span className="chip chip-failed">not there</span>
              ) : (
                name !== null && <Text value={name} most={120} />
              ),
          },
          { title: 'By', cell: ({ by }) => <code>{by}</code> },
        ]}
      />
      {relatedMore.length > 0 && (
        <div className="pager">
          {relatedMore.map(({ type, where }) => (
            <Link key={`${type} ${where}`} href={withQuery(path('objects', type), { where: [where] })}>
              All of type {type}
            </Link>
          ))}
        </div>
      )}
    </Panel>
  );
}

function OtherParts({ parts }: { readonly parts: Readonly<Record<string, unknown>> }) {
  const present = Object.entries(parts).filter(
    ([, part]) => part !== null && typeof part === 'object' && Object.keys(part).length > 0,
  );
  return present.map(([name, part]) => (
    <Panel key={name} title={name}>
      <pre>
        <Text value={JSON.stringify(part, null, 2)} most={4000} />
      </pre>
    </Panel>
  ));
}

function History({ type, id }: { readonly type: string; readonly id: number }) {
  const history = useInfiniteQuery({
    queryKey: ['history', type, id],
    queryFn: ({ pageParam, signal }) =>
      get<PageOf<HistoryItem>>(path('objects', type, id, 'history'), { after: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
  });
  const items = history.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Panel title="History">
      {history.error && <ErrorNote error={history.error} retry={() => void history.refetch()} />}
      {history.data && items.length === 0 && (
        <Empty title="No call in the journal touched it.">
          It came from an instance file or an import, or its calls are older than the journal keeps.
        </Empty>
      )}
      <ol className="timeline">
        {items.map((item) => (
          <li key={`${item.number} ${item.position}`}>
            <div className="row">
              <StatusChip status={item.status} />
              <Link href={`/calls/${item.number}`} data-row-link="">
                Call #{item.number}
              </Link>
              <span className="muted">
                <Text value={item.operation} most={80} /> by <Text value={item.userId} most={60} />
              </span>
              <Time at={item.at} />
            </div>
            {item.reason !== null && <Text value={item.reason} most={1000} />}
            <Changes changes={item.changes} />
          </li>
        ))}
      </ol>
      {history.hasNextPage && (
        <button type="button" onClick={() => void history.fetchNextPage()}>
          Show earlier
        </button>
      )}
    </Panel>
  );
}
