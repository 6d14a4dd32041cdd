/**
 * Fetches page after page, each when it is asked for. `more` returns the position behind a page, or undefined at the
 * end.
 */
export async function* pages<Page, Position>(
  fetchPage: (position: Position | undefined) => Promise<Page>,
  start: Position | undefined,
  more: (page: Page) => Position | undefined,
): AsyncGenerator<Page, void, undefined> {
  let position = start;
  do {
    const page = await fetchPage(position);
    position = more(page);
    yield page;
  } while (position !== undefined);
}

/** Returns the rows of an answer. Throws if their number is not that of the items sent. */
export function rowsFor<Row>(items: readonly unknown[], rows: readonly Row[] = []): readonly Row[] {
  if (rows.length === items.length) return rows;
  throw new Error(`it has ${rows.length} rows for ${items.length} objects`);
}

/** Throws if more objects follow a page, and the page is empty or does not say where. */
export function checkPage(remaining: number, returned: number, position: string): void {
  if (remaining <= 0) return;
  if (returned === 0) throw new Error('it says that more follow, and is empty');
  if (position === '') throw new Error('it says that more follow, and has no position');
}
