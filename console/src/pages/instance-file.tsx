import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useId, useState } from 'react';
import { send } from '../http.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { Confirm } from '../ui/dialog.tsx';
import { Panel } from '../ui/panel.tsx';
import { ErrorNote, Loaded } from '../ui/states.tsx';
import { Text } from '../ui/text.tsx';
import { useInstance } from './instance-definitions.tsx';

/** The whole instance as the file that `mktows instance` reads: look, change, check, apply. */
export function InstanceFile() {
  const instance = useInstance();
  return <Loaded query={instance}>{(file) => <Editor stored={JSON.stringify(file, null, 2)} />}</Loaded>;
}

function Editor({ stored }: { readonly stored: string }) {
  const [text, setText] = useState(stored);
  const [isAsking, setAsking] = useState(false);
  const field = useId();
  const queries = useQueryClient();
  useEffect(() => setText(stored), [stored]);
  const check = useMutation({ mutationFn: () => send('POST', '/instance/check', read(text)) });
  const apply = useMutation({
    mutationFn: () => send('POST', '/instance/apply', read(text)),
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
      {apply.data !== undefined ? (
        <Outcome title="The file is applied." answer={apply.data} />
      ) : (
        check.data !== undefined && <Outcome title="The file has no mistakes." answer={check.data} />
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

function Outcome({ title, answer }: { readonly title: string; readonly answer: unknown }) {
  const mistakes = (answer as { mistakes?: readonly unknown[] } | undefined)?.mistakes ?? [];
  if (mistakes.length > 0) {
    return (
      <div className="note note-failed" role="alert">
        <strong>
          {mistakes.length === 1 ? '1 mistake' : `${mistakes.length} mistakes`}; nothing was applied
        </strong>
        <ul>
          {mistakes.map((mistake) => (
            <li key={JSON.stringify(mistake)}>
              <Text value={typeof mistake === 'string' ? mistake : JSON.stringify(mistake)} most={1000} />
            </li>
          ))}
        </ul>
      </div>
    );
  }
  return (
    <div className="note note-created" role="status">
      <strong>{title}</strong>
      {answer !== undefined && answer !== null && <Text value={JSON.stringify(answer)} most={2000} />}
    </div>
  );
}
