import type { ReactNode } from 'react';
import { Dialog } from './dialog.tsx';
import { ErrorNote } from './states.tsx';

/** The state of a mutation without variables, as `useMutation` returns it. */
interface Submission {
  readonly error: Error | null;
  readonly isPending: boolean;
  readonly mutate: () => void;
}

/** A dialog with fields and one button, `action`, which submits them. Shows the error of the last try. */
export function FormDialog({
  title,
  action,
  isDanger = false,
  submission,
  onClose,
  children,
}: {
  readonly title: string;
  readonly action: string;
  /** It cannot be undone. */
  readonly isDanger?: boolean;
  readonly submission: Submission;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        className="dialog-body"
        onSubmit={(event) => {
          event.preventDefault();
          submission.mutate();
        }}
      >
        {children}
        {submission.error && <ErrorNote error={submission.error} />}
        <div className="actions">
          <button type="submit" className={isDanger ? 'danger' : 'primary'} disabled={submission.isPending}>
            {action}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
