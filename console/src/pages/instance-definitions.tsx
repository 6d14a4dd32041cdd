import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { get, path, send } from '../http.ts';
import { Line } from '../ui/choice.tsx';
import { Confirm, Dialog } from '../ui/dialog.tsx';
import { Panel } from '../ui/panel.tsx';
import { Empty, ErrorNote, Loaded } from '../ui/states.tsx';
import { Table } from '../ui/table.tsx';
import { Text } from '../ui/text.tsx';
import { useToast } from '../ui/toast.tsx';

interface Channel {
  readonly status: string;
  readonly step: number;
  readonly success: boolean;
}

interface Instance {
  readonly tags?: Readonly<Record<string, readonly string[]>>;
  readonly channels?: Readonly<Record<string, readonly Channel[]>>;
}

export const useInstance = () =>
  useQuery({
    queryKey: ['instance'],
    queryFn: ({ signal }) => get<Instance>('/instance', {}, signal),
  });

/** A kind of definition: its place in the API and its form as lines of text. */
interface Kind<Value> {
  readonly title: string;
  readonly one: string;
  readonly under: string;
  readonly hint: string;
  readonly example: string;
  bodyOf(lines: readonly string[]): unknown;
  lineOf(value: Value): string;
}

const tagKind: Kind<string> = {
  title: 'Tag types',
  one: 'tag type',
  under: 'tags',
  hint: 'Values, one a line',
  example: 'North\nSouth',
  bodyOf: (lines) => ({ values: lines }),
  lineOf: (value) => value,
};

const channelKind: Kind<Channel> = {
  title: 'Channels',
  one: 'channel',
  under: 'channels',
  hint: 'Statuses, one a line: step, status, and "success" where it is one',
  example: '20 Registered\n30 Attended success',
  bodyOf: (lines) => ({
    statuses: lines.map((line) => {
      const [, step = '', status = '', success] = /^(\d+)\s+(.+?)(\s+success)?$/.exec(line.trim()) ?? [];
      if (status === '') throw new Error(`"${line}": expected a step and a status, such as 20 Registered`);
      return { step: Number(step), status, success: success !== undefined };
    }),
  }),
  lineOf: ({ step, status, success }) => `${step} ${status}${success ? ' success' : ''}`,
};

export function Tags() {
  const instance = useInstance();
  return (
    <Loaded query={instance}>{({ tags = {} }) => <Definitions kind={tagKind} definitions={tags} />}</Loaded>
  );
}

export function Channels() {
  const instance = useInstance();
  return (
    <Loaded query={instance}>
      {({ channels = {} }) => <Definitions kind={channelKind} definitions={channels} />}
    </Loaded>
  );
}

interface Open {
  readonly name: string;
  readonly text: string;
  readonly isNew: boolean;
}

function Definitions<Value>({
  kind,
  definitions,
}: {
  readonly kind: Kind<Value>;
  readonly definitions: Readonly<Record<string, readonly Value[]>>;
}) {
  const [open, setOpen] = useState<Open>();
  const [removing, setRemoving] = useState<string>();
  const queries = useQueryClient();
  const say = useToast();
  const remove = useMutation({
    mutationFn: (name: string) => send('DELETE', path(kind.under, name)),
    async onSuccess(_answer, name) {
      say(`Removed ${name}`);
      await queries.invalidateQueries({ queryKey: ['instance'] });
    },
    onError: (error) => say(error.message),
  });
  const entries = Object.entries(definitions);
  return (
    <>
      <div>
        <button type="button" onClick={() => setOpen({ name: '', text: '', isNew: true })}>
          Add a {kind.one}
        </button>
      </div>
      {entries.length === 0 ? (
        <Empty title={`There is no ${kind.one}.`}>Programs can have only those that are defined here.</Empty>
      ) : (
        <Panel title={kind.title} bare>
          <Table
            label={kind.title}
            items={entries}
            keyOf={([name]) => name}
            columns={[
              { title: 'Name', cell: ([name]) => <Text value={name} /> },
              {
                title: 'Holds',
                cell: ([, values]) => <Text value={values.map(kind.lineOf).join(', ')} most={500} />,
              },
              {
                title: 'Do',
                cell: ([name, values]) => (
                  <span className="row">
                    <button
                      type="button"
                      onClick={() =>
                        setOpen({ name, text: values.map(kind.lineOf).join('\n'), isNew: false })
                      }
                    >
                      Change
                    </button>
                    <button type="button" className="danger" onClick={() => setRemoving(name)}>
                      Remove
                    </button>
                  </span>
                ),
              },
            ]}
          />
        </Panel>
      )}
      {open && <Edit kind={kind} open={open} onClose={() => setOpen(undefined)} />}
      {removing !== undefined && (
        <Confirm
          title={`Remove ${removing}?`}
          action="Remove"
          onConfirm={() => remove.mutate(removing)}
          onClose={() => setRemoving(undefined)}
        >
          <p>The server refuses this while programs have it.</p>
        </Confirm>
      )}
    </>
  );
}

function Edit<Value>({
  kind,
  open,
  onClose,
}: {
  readonly kind: Kind<Value>;
  readonly open: Open;
  readonly onClose: () => void;
}) {
  const [name, setName] = useState(open.name);
  const [text, setText] = useState(open.text);
  const field = useId();
  const queries = useQueryClient();
  const say = useToast();
  const save = useMutation({
    mutationFn: async () => {
      const lines = text
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== '');
      return send(open.isNew ? 'POST' : 'PATCH', path(kind.under, name), kind.bodyOf(lines));
    },
    async onSuccess() {
      say(`Saved ${name}`);
      onClose();
      await queries.invalidateQueries({ queryKey: ['instance'] });
    },
  });
  return (
    <Dialog title={open.isNew ? `Add a ${kind.one}` : `Change ${open.name}`} onClose={onClose}>
      <form
        className="dialog-body"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        {open.isNew && <Line label="Name" value={name} onChange={setName} required autoFocus />}
        <label className="field" htmlFor={field}>
          <span>{kind.hint}</span>
          <textarea
            id={field}
            rows={8}
            placeholder={kind.example}
            value={text}
            onChange={({ target }) => setText(target.value)}
          />
        </label>
        {save.error && <ErrorNote error={save.error} />}
        <div className="actions">
          <button type="submit" className="primary" disabled={save.isPending}>
            Save
          </button>
        </div>
      </form>
    </Dialog>
  );
}
