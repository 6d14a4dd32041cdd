import { type ReactNode, useId } from 'react';
import { Text } from './text.tsx';

/** A titled part of a page. */
export function Panel({
  title,
  actions,
  bare = false,
  children,
}: {
  readonly title: ReactNode;
  readonly actions?: ReactNode;
  /** Without padding, for tables. */
  readonly bare?: boolean;
  readonly children: ReactNode;
}) {
  const heading = useId();
  return (
    <section className="panel" aria-labelledby={heading}>
      <div className="panel-head">
        <h2 id={heading}>{title}</h2>
        {actions && <div className="actions">{actions}</div>}
      </div>
      {bare ? children : <div className="panel-body">{children}</div>}
    </section>
  );
}

/** A page with its heading; `title` is the browser's title, too. */
export function Page({
  title,
  above,
  actions,
  children,
}: {
  readonly title: string;
  readonly above?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <div className="page">
      <title>{`${title} · mktows`}</title>
      <div className="page-head">
        <div>
          {above && <div className="crumb muted">{above}</div>}
          <h1 tabIndex={-1}>
            <Text value={title} most={160} />
          </h1>
        </div>
        {actions && <div className="actions">{actions}</div>}
      </div>
      {children}
    </div>
  );
}
