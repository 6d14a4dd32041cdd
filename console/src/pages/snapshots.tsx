import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Snapshot, Snapshots } from '../api.ts';
import { get, path, send } from '../http.ts';
import { Line } from '../ui/choice.tsx';
import { Confirm } from '../ui/dialog.tsx';
import { Page, Panel } from '../ui/panel.tsx';
import { Empty, ErrorNote, Loaded } from '../ui/states.tsx';
import { Table } from '../ui/table.tsx';
import { Text } from '../ui/text.tsx';
import { Time } from '../ui/time.tsx';
import { useToast } from '../ui/toast.tsx';
import { useTypes } from './objects.tsx';

type Asked =
  | { readonly what: 'restore' | 'remove'; readonly name: string }
  | { readonly what: 'reset'; readonly types: readonly string[] };

/** Keep what the store holds, go back to it, or empty the store. */
export function SnapshotsPage() {
  const query = useQuery({
    queryKey: ['snapshots'],
    queryFn: ({ signal }) => get<Snapshots>('/snapshots', {}, signal),
  });
  const [asked, setAsked] = useState<Asked>();
  const act = useChange();
  return (
    <Page title="Snapshots">
      {act.error && <ErrorNote error={act.error} />}
      <Take />
      <Loaded query={query}>
        {({ items, allowed }) =>
          items.length === 0 ? (
            <Empty title="There is no snapshot yet.">
              Take one before a test changes the store; then go back to it as often as you like.
            </Empty>
          ) : (
            <List items={items} isAllowed={allowed} onAsk={setAsked} />
          )
        }
      </Loaded>
      <Reset isAllowed={query.data?.allowed ?? false} onAsk={setAsked} />
      {asked && (
        <Ask asked={asked} onClose={() => setAsked(undefined)} act={(change) => act.mutate(change)} />
      )}
    </Page>
  );
}

interface Change {
  readonly method: 'POST' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  readonly done: string;
}

function useChange() {
  const queries = useQueryClient();
  const say = useToast();
  return useMutation({
    mutationFn: ({ method, path: where, body }: Change) => send(method, where, body),
    async onSuccess(_answer, { done }) {
      say(done);
      await queries.invalidateQueries();
    },
  });
}

function Take() {
  const [name, setName] = useState('');
  const take = useChange();
  return (
    <Panel title="Take a snapshot">
      <form
        className="filters"
        onSubmit={(event) => {
          event.preventDefault();
          take.mutate({
            method: 'POST',
            path: '/snapshots',
            body: name === '' ? {} : { name },
            done: 'The snapshot is taken',
          });
          setName('');
        }}
      >
        <Line label="Name; empty: the time" value={name} onChange={setName} />
        <button type="submit" className="primary" disabled={take.isPending}>
          {take.isPending ? 'Taking it…' : 'Take a snapshot'}
        </button>
      </form>
      {take.error && <ErrorNote error={take.error} />}
    </Panel>
  );
}

function List({
  items,
  isAllowed,
  onAsk,
}: {
  readonly items: readonly Snapshot[];
  readonly isAllowed: boolean;
  readonly onAsk: (asked: Asked) => void;
}) {
  return (
    <Panel title={items.length === 1 ? '1 snapshot' : `${items.length} snapshots`} bare>
      <Table
        label="Snapshots"
        items={items}
        keyOf={({ name }) => name}
        columns={[
          { title: 'Name', cell: ({ name }) => <Text value={name} /> },
          { title: 'Taken', cell: ({ createdAt }) => <Time at={createdAt} /> },
          { title: 'Size', number: true, cell: ({ bytes }) => `${(bytes / 1e6).toFixed(1)} MB` },
          {
            title: 'Do',
            cell: ({ name }) => (
              <span className="row">
                <button type="button" disabled={!isAllowed} onClick={() => onAsk({ what: 'restore', name })}>
                  Restore
                </button>
                <button
                  type="button"
                  className="danger"
                  disabled={!isAllowed}
                  onClick={() => onAsk({ what: 'remove', name })}
                >
                  Remove
                </button>
              </span>
            ),
          },
        ]}
      />
    </Panel>
  );
}

function Reset({
  isAllowed,
  onAsk,
}: {
  readonly isAllowed: boolean;
  readonly onAsk: (asked: Asked) => void;
}) {
  const types = useTypes();
  const [chosen, setChosen] = useState<readonly string[]>([]);
  return (
    <Panel title="Empty the store">
      <fieldset className="row plain-set">
        <legend className="muted small">Types; none chosen: all</legend>
        {types.data?.map(({ name }) => (
          <label key={name} className="row">
            <input
              type="checkbox"
              checked={chosen.includes(name)}
              onChange={({ target }) =>
                setChosen(target.checked ? [...chosen, name] : chosen.filter((one) => one !== name))
              }
            />
            {name}
          </label>
        ))}
      </fieldset>
      <div>
        <button
          type="button"
          className="danger"
          disabled={!isAllowed}
          onClick={() => onAsk({ what: 'reset', types: chosen })}
        >
          Empty…
        </button>
      </div>
      <p className="muted small">
        {isAllowed ? (
          'Objects of types that refer to the chosen ones are removed, too.'
        ) : (
          <>
            This server neither restores nor empties: start it with <code>--allow-reset</code>, for tests
            only.
          </>
        )}
      </p>
    </Panel>
  );
}

function Ask({
  asked,
  act,
  onClose,
}: {
  readonly asked: Asked;
  readonly act: (change: Change) => void;
  readonly onClose: () => void;
}) {
  if (asked.what === 'reset') {
    const { types } = asked;
    const what = types.length === 0 ? 'all objects' : types.join(', ');
    return (
      <Confirm
        title={`Remove ${what}?`}
        action="Empty"
        onConfirm={() =>
          act({
            method: 'POST',
            path: '/reset',
            body: types.length === 0 ? {} : { types },
            done: `Removed ${what}`,
          })
        }
        onClose={onClose}
      >
        <p>Only a snapshot brings them back. Users, fields and the journal stay.</p>
      </Confirm>
    );
  }
  const { name, what } = asked;
  return what === 'restore' ? (
    <Confirm
      title={`Restore ${name}?`}
      action="Restore"
      onConfirm={() =>
        act({
          method: 'POST',
          path: path('snapshots', name, 'restore'),
          body: {},
          done: `The store is as it was in ${name}`,
        })
      }
      onClose={onClose}
    >
      <p>All objects become as they were then. What came since is lost, unless another snapshot has it.</p>
    </Confirm>
  ) : (
    <Confirm
      title={`Remove the snapshot ${name}?`}
      action="Remove"
      onConfirm={() => act({ method: 'DELETE', path: path('snapshots', name), done: `Removed ${name}` })}
      onClose={onClose}
    >
      <p>The store stays as it is.</p>
    </Confirm>
  );
}
