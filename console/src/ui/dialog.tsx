import { type ReactNode, useEffect, useRef } from 'react';
import { Text } from './text.tsx';

/** A modal dialog. Escape closes it; the focus goes back to what opened it. */
export function Dialog({
  title,
  isWide = false,
  onClose,
  children,
}: {
  readonly title: string;
  readonly isWide?: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  const element = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const opener = document.activeElement;
    if (!element.current?.open) element.current?.showModal();
    return () => {
      // The browser does this for dialogs that are closed, and not for those that are removed.
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, []);
  return (
    <dialog
      ref={element}
      className={isWide ? 'wide' : undefined}
      aria-label={title}
      onClose={onClose}
      onCancel={onClose}
    >
      <div className="dialog-body">
        <div className="spread">
          <h2>
            <Text value={title} most={160} />
          </h2>
          <button type="button" className="plain" onClick={onClose}>
            Close
          </button>
        </div>
        {children}
      </div>
    </dialog>
  );
}

/** Asks before something is done that cannot be undone. */
export function Confirm({
  title,
  action,
  onConfirm,
  onClose,
  children,
}: {
  readonly title: string;
  readonly action: string;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  return (
    <Dialog title={title} onClose={onClose}>
      <div>{children}</div>
      <div className="actions">
        <button
          type="button"
          className="danger"
          onClick={() => {
            onConfirm();
            onClose();
          }}
        >
          {action}
        </button>
        <button type="button" onClick={onClose}>
          Cancel
        </button>
      </div>
    </Dialog>
  );
}
