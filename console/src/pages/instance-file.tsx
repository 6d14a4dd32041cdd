import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useId, useState } from 'react';
import { get, send } from '../http.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { Confirm } from '../ui/dialog.tsx';
import { Panel } from '../ui/panel.tsx';
import { ErrorNote, Loaded } from '../ui/states.tsx';

/** The whole instance as the file that `mktows instance` reads: look, change, check, apply. */
export function InstanceFile() {
  const instance = useQuery({
    queryKey: ['instance'],
    queryFn: ({ signal }) => get<object>('/instance', {}, signal),
  });
  return <Loaded query={instance}>{(file) => <Editor stored={JSON.stringify(file, null, 2)} />}</Loaded>;
}

function Editor({ stored }: { readonly stored: string }) {
  const [text, setText] = useState(stored);
  const [isAsking, setAsking] = useState(false);
  const field = useId();
  const queries = useQueryClient();
  useEffect(() => setText(stored), [stored]);
  const check = useMutation({
    mutationFn: () => send<Report>('POST', '/instance/check', { instance: read(text) }),
  });
  const apply = useMutation({
    mutationFn: () => send<Report>('POST', '/instance/apply', { instance: read(text) }),
    onSuccess: () => queries.invalidateQueries(),
  });
  return (
    <Panel title="Instance file" actions={<CopyButton label="Copy" text={() => text} />}>
      <label className="field" htmlFor={field}>
        <span>JSON; the store becomes as the file says when it is applied</span>
        <textarea
          id={field}
          rows={26}
          value={text}
          spellCheck={false}
          onChange={({ target }) => setText(target.value)}
        />
      </label>
      <div className="actions">
        <button
          type="button"
          className="primary"
          disabled={check.isPending}
          onClick={() => {
            apply.reset();
            check.mutate();
          }}
        >
          Check
        </button>
        <button type="button" disabled={apply.isPending} onClick={() => setAsking(true)}>
          Apply
        </button>
        {text !== stored && (
          <button type="button" onClick={() => setText(stored)}>
            Back to what is stored
          </button>
        )}
      </div>
      {[check.error, apply.error].map((error) => error && <ErrorNote key={error.message} error={error} />)}
      {apply.data ? (
        <Outcome title="The file is applied." report={apply.data} />
      ) : (
        check.data && (
          <Outcome title="The file has no mistakes. Applying it would do this:" report={check.data} />
        )
      )}
      {isAsking && (
        <Confirm
          title="Apply the file?"
          action="Apply"
          onConfirm={() => apply.mutate()}
          onClose={() => setAsking(false)}
        >
          <p>Objects that the file has are changed to what it says. Check it first to see every mistake.</p>
        </Confirm>
      )}
    </Panel>
  );
}

function read(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`The file is not JSON: ${(error as Error).message}`);
  }
}

/** The numbers of things that the file creates, changes and removes, by kind. */
type Report = Readonly<Record<string, Readonly<Record<string, number>>>>;

function Outcome({ title, report }: { readonly title: string; readonly report: Report }) {
  const changes = Object.entries(report).flatMap(([kind, counts]) => {
    const parts = Object.entries(counts)
      .filter(([what, count]) => what !== 'unchanged' && count > 0)
      .map(([what, count]) => `${count} ${what}`);
    return parts.length === 0 ? [] : [`${kind}: ${parts.join(', ')}`];
  });
  return (
    <div className="note note-created" role="status">
      <strong>{title}</strong>
      {changes.length === 0
        ? 'nothing is changed'
        : changes.map((change) => <span key={change}>{change}</span>)}
    </div>
  );
}
