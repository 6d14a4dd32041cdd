import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ApiError } from '../http.ts';
import { Text } from './text.tsx';

/** Returns what to do about an error, if its status says so. */
function advice(error: Error): string | undefined {
  if (!(error instanceof ApiError)) return undefined;
  if (error.status === 0) return 'Start it again, or check the network. The page tries again by itself.';
  if (error.status === 404) return 'It may have been removed, or the address has a mistake.';
  if (error.status === 503) return 'The database may be busy or its disk full; /readyz and the log say more.';
  if (error.status >= 500) return "The server's log has the reason.";
  return undefined;
}

/** An error: what was wrong, and what to do. */
export function ErrorNote({ error, retry }: { readonly error: Error; readonly retry?: () => void }) {
  const more = advice(error);
  const mistakes = error instanceof ApiError && error.mistakes.length > 1 ? error.mistakes : [];
  return (
    <div className="note note-failed" role="alert">
      <strong>
        <Text value={error.message} most={4000} />
      </strong>
      {mistakes.length > 0 && (
        <ul className="mistakes">
          {mistakes.map(({ path, message }) => (
            <li key={`${path} ${message}`}>
              <code>
                <Text value={path} />
              </code>{' '}
              <Text value={message} most={1000} />
            </li>
          ))}
        </ul>
      )}
      {more !== undefined && <span>{more}</span>}
      {retry && (
        <button type="button" onClick={retry}>
          Try again
        </button>
      )}
    </div>
  );
}

/** Says that there is nothing, and what to do. */
export function Empty({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <div className="note">
      <strong>{title}</strong>
      {children && <div className="muted">{children}</div>}
    </div>
  );
}

/** Shows the data of a query; while it loads or after it failed, that. */
export function Loaded<Data>({
  query,
  children,
}: {
  readonly query: UseQueryResult<Data>;
  readonly children: (data: Data) => ReactNode;
}) {
  if (query.data !== undefined) return children(query.data);
  if (query.error) return <ErrorNote error={query.error} retry={() => void query.refetch()} />;
  return (
    <p className="muted" role="status">
      Loading…
    </p>
  );
}

/** Offers to search on: a search ends early where it would take long. */
export function SearchOn({
  list,
}: {
  readonly list: { readonly isFetchingNextPage: boolean; fetchNextPage(): Promise<unknown> };
}) {
  return (
    <Empty title="Nothing matches so far.">
      <button type="button" disabled={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
        {list.isFetchingNextPage ? 'Searching…' : 'Search on'}
      </button>
    </Empty>
  );
}
