// biome-ignore-all lint/a11y/noRedundantRoles: `display: block` takes the roles of the elements away
import type { ReactNode } from 'react';
import { Link } from 'wouter';

export interface Column<Item> {
  readonly title: string;
  readonly number?: boolean;
  /** Sorts by this name when its heading is pressed. */
  readonly sort?: string;
  readonly cell: (item: Item) => ReactNode;
}

export interface TableProps<Item> {
  /** The table's name for screen readers. */
  readonly label: string;
  readonly columns: readonly Column<Item>[];
  readonly items: readonly Item[];
  readonly keyOf: (item: Item) => string | number;
  /** Returns the address that a row links to; its first cell becomes the link. */
  readonly hrefOf?: (item: Item) => string;
  /** `Name` ascending, `-Name` descending. */
  readonly sort?: string;
  readonly onSort?: (sort: string) => void;
  readonly isNew?: (item: Item) => boolean;
  /** Scrolls within the page's height, under a heading that stays. */
  readonly tall?: boolean;
}

/**
 * A table; on narrow screens its rows are cards. Roles are explicit, since `display: block` takes those of the elements
 * away in some browsers.
 */
export function Table<Item>(props: TableProps<Item>) {
  const { label, columns, items, keyOf, tall = false } = props;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls must be reachable by keyboard
    // biome-ignore lint/a11y/useSemanticElements: it is no part of a form
    <div className={tall ? 'table-scroll tall' : 'table-scroll'} tabIndex={0} role="group" aria-label={label}>
      <table className="cards" role="table" aria-label={label}>
        <thead role="rowgroup">
          <tr role="row">
            {columns.map((column) => (
              <Heading key={column.title} column={column} {...props} />
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {items.map((item) => (
            <Row key={keyOf(item)} item={item} {...props} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Heading<Item>({
  column,
  sort,
  onSort,
}: { readonly column: Column<Item> } & Pick<TableProps<Item>, 'sort' | 'onSort'>) {
  const { title, number, sort: by } = column;
  const direction =
    by === undefined ? undefined : sort === by ? 'ascending' : sort === `-${by}` ? 'descending' : undefined;
  return (
    <th role="columnheader" scope="col" className={number ? 'number' : undefined} aria-sort={direction}>
      {by !== undefined && onSort ? (
        <button type="button" onClick={() => onSort(sort === by ? `-${by}` : by)}>
          {title}
          <span aria-hidden="true">
            {direction === 'ascending' ? '↑' : direction === 'descending' ? '↓' : ''}
          </span>
        </button>
      ) : (
        title
      )}
    </th>
  );
}

function Row<Item>({ item, columns, hrefOf, isNew }: { readonly item: Item } & TableProps<Item>) {
  const href = hrefOf?.(item);
  return (
    <tr role="row" data-row={href} className={isNew?.(item) ? 'arrived' : undefined}>
      {columns.map(({ title, number, cell }, place) => {
        const content = cell(item);
        const isEmpty = content === null || content === '' || content === undefined;
        return (
          <td
            key={title}
            role="cell"
            data-title={title}
            className={`${number ? 'number' : ''}${isEmpty ? ' empty-cell' : ''}`.trim() || undefined}
          >
            {place === 0 && href !== undefined ? (
              <Link href={href} data-row-link="">
                {content}
              </Link>
            ) : (
              content
            )}
          </td>
        );
      })}
    </tr>
  );
}

/** The foot of a list that is read in pages. */
export function Pager({
  shown,
  hasMore,
  isLoading,
  more,
}: {
  readonly shown: number;
  readonly hasMore: boolean;
  readonly isLoading: boolean;
  readonly more: () => void;
}) {
  return (
    <div className="pager">
      <span className="muted">
        {shown.toLocaleString('en')} shown{hasMore ? '' : ', that is all'}
      </span>
      {hasMore && (
        <button type="button" onClick={more} disabled={isLoading}>
          {isLoading ? 'Loading…' : 'Show more'}
        </button>
      )}
    </div>
  );
}
