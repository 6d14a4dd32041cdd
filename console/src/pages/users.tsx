import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { UserItem } from '../api.ts';
import { get, path, send } from '../http.ts';
import { Line } from '../ui/choice.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { Confirm } from '../ui/dialog.tsx';
import { FormDialog } from '../ui/form-dialog.tsx';
import { Page, Panel } from '../ui/panel.tsx';
import { Empty, Loaded } from '../ui/states.tsx';
import { Table } from '../ui/table.tsx';
import { Text } from '../ui/text.tsx';
import { Time } from '../ui/time.tsx';
import { useToast } from '../ui/toast.tsx';

interface NewSecret {
  readonly userId: string;
  readonly secret: string;
}

type Asked = { readonly what: 'add' | 'rotate' | 'remove'; readonly userId: string };

/** Who may call. Secrets are shown once. */
export function UsersPage() {
  const query = useQuery({
    queryKey: ['users'],
    queryFn: ({ signal }) => get<{ items: readonly UserItem[] }>('/users', {}, signal),
  });
  const [asked, setAsked] = useState<Asked>();
  const [given, setGiven] = useState<NewSecret>();
  const close = () => setAsked(undefined);
  return (
    <Page
      title="Users"
      actions={
        <button type="button" className="primary" onClick={() => setAsked({ what: 'add', userId: '' })}>
          Add a user
        </button>
      }
    >
      {given && <Secret given={given} />}
      <Loaded query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title="Nobody may call.">Add a user, and give its id and secret to the integration.</Empty>
          ) : (
            <List items={items} onAsk={setAsked} />
          )
        }
      </Loaded>
      {asked?.what === 'add' && <AddUser onClose={close} onDone={setGiven} />}
      {asked?.what === 'rotate' && <Rotate userId={asked.userId} onClose={close} onDone={setGiven} />}
      {asked?.what === 'remove' && <Remove userId={asked.userId} onClose={close} />}
    </Page>
  );
}

function Secret({ given: { userId, secret } }: { readonly given: NewSecret }) {
  return (
    <div className="note note-created" role="status">
      <strong>
        The secret of <Text value={userId} />, shown only now:
      </strong>
      <div className="secret">{secret}</div>
      <CopyButton label="Copy the secret" text={() => secret} />
    </div>
  );
}

function List({
  items,
  onAsk,
}: {
  readonly items: readonly UserItem[];
  readonly onAsk: (asked: Asked) => void;
}) {
  return (
    <Panel title={items.length === 1 ? '1 user' : `${items.length} users`} bare>
      <Table
        label="Users"
        items={items}
        keyOf={({ userId }) => userId}
        columns={[
          {
            title: 'User',
            cell: ({ userId }) => (
              <code>
                <Text value={userId} />
              </code>
            ),
          },
          { title: 'Added', cell: ({ createdAt, given }) => (given ? 'by option' : <Time at={createdAt} />) },
          {
            title: 'Secrets',
            cell: ({ secrets, problem }) =>
              problem === null ? (
                <Secrets secrets={secrets} />
              ) : (
                <span className="note note-failed">{problem}</span>
              ),
          },
          {
            title: 'Do',
            cell: ({ userId, given }) =>
              given ? (
                <span className="muted">is set by --user; change it there</span>
              ) : (
                <span className="row">
                  <button type="button" onClick={() => onAsk({ what: 'rotate', userId })}>
                    New secret
                  </button>
                  <button type="button" className="danger" onClick={() => onAsk({ what: 'remove', userId })}>
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

function Secrets({ secrets }: { readonly secrets: UserItem['secrets'] }) {
  return (
    <ul className="changes">
      {secrets.map(({ createdAt, until }) => (
        <li key={`${createdAt} ${until}`}>
          {until === null ? (
            'valid'
          ) : (
            <>
              valid until <Time at={until} />
            </>
          )}
          {createdAt !== null && (
            <span className="muted">
              , made <Time at={createdAt} />
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}

interface DoneProps {
  readonly onClose: () => void;
  readonly onDone: (given: NewSecret) => void;
}

function AddUser({ onClose, onDone }: DoneProps) {
  const [userId, setUserId] = useState('');
  const queries = useQueryClient();
  const add = useMutation({
    mutationFn: () => send<NewSecret>('POST', '/users', userId === '' ? {} : { userId }),
    async onSuccess(given) {
      onDone(given);
      onClose();
      await queries.invalidateQueries({ queryKey: ['users'] });
    },
  });
  return (
    <FormDialog title="Add a user" action="Add" submission={add} onClose={onClose}>
      <Line label="User id; empty: the server makes one" value={userId} onChange={setUserId} autoFocus />
    </FormDialog>
  );
}

const HOUR = 3600;

function Rotate({ userId, onClose, onDone }: DoneProps & { readonly userId: string }) {
  const [hours, setHours] = useState('24');
  const queries = useQueryClient();
  const rotate = useMutation({
    mutationFn: () =>
      send<{ secret: string }>('POST', path('users', userId, 'rotate'), {
        overlapSeconds: Math.round(Number(hours) * HOUR),
      }),
    async onSuccess({ secret }) {
      onDone({ userId, secret });
      onClose();
      await queries.invalidateQueries({ queryKey: ['users'] });
    },
  });
  return (
    <FormDialog
      title={`A new secret for ${userId}`}
      action="Make a new secret"
      submission={rotate}
      onClose={onClose}
    >
      <Line
        label="Hours in which the old secret holds, too"
        type="number"
        value={hours}
        onChange={setHours}
        autoFocus
      />
    </FormDialog>
  );
}

function Remove({ userId, onClose }: { readonly userId: string; readonly onClose: () => void }) {
  const queries = useQueryClient();
  const say = useToast();
  const remove = useMutation({
    mutationFn: () => send('DELETE', path('users', userId)),
    async onSuccess() {
      say(`${userId} can no longer call`);
      await queries.invalidateQueries({ queryKey: ['users'] });
    },
    onError: (error) => say(error.message),
  });
  return (
    <Confirm title={`Remove ${userId}?`} action="Remove" onConfirm={() => remove.mutate()} onClose={onClose}>
      <p>Its calls get fault 20014 from now on. What it stored stays, and so does the journal.</p>
    </Confirm>
  );
}
