import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { send } from '../http.ts';
import { FormDialog } from './form-dialog.tsx';
import { useToast } from './toast.tsx';

/** Asks before one thing is removed, and says why if the server keeps it. */
export function RemoveDialog({
  title,
  what,
  path,
  onRemoved,
  onClose,
  children,
}: {
  readonly title: string;
  /** The thing, as the message after its removal names it. */
  readonly what: string;
  /** The path of the thing in the API. */
  readonly path: string;
  readonly onRemoved?: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  const queries = useQueryClient();
  const say = useToast();
  const remove = useMutation({
    mutationFn: () => send('DELETE', path),
    async onSuccess() {
      say(`Removed ${what}`);
      onClose();
      onRemoved?.();
      await queries.invalidateQueries();
    },
  });
  return (
    <FormDialog title={title} action="Remove" isDanger submission={remove} onClose={onClose}>
      {children}
    </FormDialog>
  );
}
