import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { get, path, send } from '../http.ts';
import { Choice, Line } from '../ui/choice.tsx';
import { FormDialog } from '../ui/form-dialog.tsx';
import { Panel } from '../ui/panel.tsx';
import { RemoveDialog } from '../ui/remove-dialog.tsx';
import { Empty, Loaded } from '../ui/states.tsx';
import { Table } from '../ui/table.tsx';
import { Text } from '../ui/text.tsx';
import { useToast } from '../ui/toast.tsx';

interface Channel {
  readonly status: string;
  readonly step: number;
  readonly success: boolean;
}

/** A kind of definition: its place in the API and its form as lines of text. */
interface Kind<Value> {
  readonly title: string;
  readonly one: string;
  readonly under: string;
  readonly hint: string;
  readonly example: string;
  bodyOf(lines: readonly string[]): unknown;
  lineOf(value: Value): string;
  /** Single values can be removed. */
  readonly removesValues: boolean;
}

const tagKind: Kind<string> = {
  title: 'Tag types',
  one: 'tag type',
  under: 'tags',
  hint: 'Values, one a line',
  example: 'North\nSouth',
  bodyOf: (lines) => ({ values: lines }),
  lineOf: (value) => value,
  removesValues: true,
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
  removesValues: false,
};

export function Tags() {
  const tags = useQuery({
    queryKey: ['tags'],
    queryFn: ({ signal }) => get<readonly { name: string; values: readonly string[] }[]>('/tags', {}, signal),
  });
  return (
    <Loaded query={tags}>
      {(list) => (
        <Definitions kind={tagKind} definitions={list.map(({ name, values }) => ({ name, values }))} />
      )}
    </Loaded>
  );
}

export function Channels() {
  const channels = useQuery({
    queryKey: ['channels'],
    queryFn: ({ signal }) =>
      get<readonly { name: string; statuses: readonly Channel[] }[]>('/channels', {}, signal),
  });
  return (
    <Loaded query={channels}>
      {(list) => (
        <Definitions
          kind={channelKind}
          definitions={list.map(({ name, statuses }) => ({ name, values: statuses }))}
        />
      )}
    </Loaded>
  );
}

/** What is to be removed: one of these values, or all. */
interface Removed {
  readonly name: string;
  readonly values?: readonly string[];
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
  readonly definitions: readonly { readonly name: string; readonly values: readonly Value[] }[];
}) {
  const [open, setOpen] = useState<Open>();
  const [removed, setRemoved] = useState<Removed>();
  return (
    <>
      <div>
        <button type="button" onClick={() => setOpen({ name: '', text: '', isNew: true })}>
          Add a {kind.one}
        </button>
      </div>
      {definitions.length === 0 ? (
        <Empty title={`There is no ${kind.one}.`}>Programs can have only those that are defined here.</Empty>
      ) : (
        <Panel title={kind.title} bare>
          <Table
            label={kind.title}
            items={definitions}
            keyOf={({ name }) => name}
            columns={[
              { title: 'Name', cell: ({ name }) => <Text value={name} /> },
              {
                title: 'Holds',
                cell: ({ values }) => <Text value={values.map(kind.lineOf).join(', ')} most={500} />,
              },
              {
                title: 'Do',
                cell: ({ name, values }) => (
                  <span className="row">
                    <button
                      type="button"
                      onClick={() =>
                        setOpen({ name, text: values.map(kind.lineOf).join('\n'), isNew: false })
                      }
                    >
                      Change
                    </button>
                    {kind.removesValues && values.length > 0 && (
                      <button
                        type="button"
                        className="danger"
                        onClick={() => setRemoved({ name, values: values.map(kind.lineOf) })}
                      >
                        Remove a value
                      </button>
                    )}
                    <button type="button" className="danger" onClick={() => setRemoved({ name })}>
                      Remove
                    </button>
                  </span>
                ),
              },
            ]}
          />
        </Panel>
      )}
      <p className="muted small">
        What a program has is kept: change the program first, or use{' '}
        <code>mktows instance apply --exact</code>.
      </p>
      {open && <Edit kind={kind} open={open} onClose={() => setOpen(undefined)} />}
      {removed && <Remove kind={kind} removed={removed} onClose={() => setRemoved(undefined)} />}
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
      return send('PUT', path(kind.under, name), kind.bodyOf(lines));
    },
    async onSuccess() {
      say(`Saved ${name}`);
      onClose();
      await queries.invalidateQueries({ queryKey: [kind.under] });
    },
  });
  return (
    <FormDialog
      title={open.isNew ? `Add a ${kind.one}` : `Change ${open.name}`}
      action="Save"
      submission={save}
      onClose={onClose}
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
    </FormDialog>
  );
}

function Remove<Value>({
  kind: { one, under },
  removed: { name, values },
  onClose,
}: {
  readonly kind: Kind<Value>;
  readonly removed: Removed;
  readonly onClose: () => void;
}) {
  const [value, setValue] = useState(values?.[0] ?? '');
  const parts = values === undefined ? [name] : [name, value];
  return (
    <RemoveDialog
      title={values === undefined ? `Remove the ${one} ${name}?` : `Remove a value of ${name}?`}
      what={parts.join(': ')}
      path={path(under, ...parts)}
      onClose={onClose}
    >
      {values !== undefined && <Choice label="Value" value={value} options={values} onChange={setValue} />}
      <p>It is kept if a program has it.</p>
    </RemoveDialog>
  );
}
