import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { path, send } from '../http.ts';
import { FormDialog } from './form-dialog.tsx';
import { useToast } from './toast.tsx';

const templates: Readonly<Record<string, object>> = {
  Program: { id: 0, name: '', type: 'Default', channel: '', tags: {}, costs: [] },
  Lead: { id: 0, email: '', attributes: {} },
  Company: { id: 0, name: '', externalKeys: {} },
};

/** A dialog that adds or changes an object, as JSON in the form of the instance file. */
export function EditObject({
  type,
  id,
  object,
  onClose,
}: {
  readonly type: string;
  /** Undefined: a new object. */
  readonly id?: number;
  readonly object?: unknown;
  readonly onClose: () => void;
}) {
  const [json, setJson] = useState(() => JSON.stringify(object ?? templates[type] ?? {}, null, 2));
  const queries = useQueryClient();
  const say = useToast();
  const field = useId();
  const save = useMutation({
    mutationFn: async () => {
      const body: unknown = JSON.parse(json);
      return id === undefined
        ? send('POST', path('objects', type), body)
        : send('PATCH', path('objects', type, id), body);
    },
    async onSuccess() {
      say(id === undefined ? `Added a ${type}` : `Changed ${type} ${id}`);
      await queries.invalidateQueries();
      onClose();
    },
  });
  return (
    <FormDialog
      title={id === undefined ? `Add a ${type}` : `Change ${type} ${id}`}
      action="Save"
      submission={save}
      onClose={onClose}
    >
      <label className="field" htmlFor={field}>
        <span>
          {id === undefined
            ? 'JSON, as in the instance file'
            : 'JSON, as in the instance file: what changes; null removes a value'}
        </span>
        <textarea
          id={field}
          rows={14}
          value={json}
          spellCheck={false}
          onChange={({ target }) => setJson(target.value)}
        />
      </label>
    </FormDialog>
  );
}
