import type { CallOptions } from '../../client/call.ts';
import type { Client } from '../../client/client.ts';
import type { SyncOperation } from '../../contract/enumerations.ts';
import type { Cells } from '../cells.ts';
import type { ColumnOptions } from '../columns.ts';
import type { BulkType } from '../types.ts';

/** The columns that a file of records can have. */
export type KindColumns = Pick<ColumnOptions, 'fields' | 'targets' | 'exactField'>;

export interface SyncMode {
  readonly operation: SyncOperation;
  /** If false, leads are not looked for by their address. */
  readonly findsByEmail: boolean;
}

/** A record as the client sends it. */
export interface Made<Item> {
  readonly item: Item;
  /** The keys by which the server finds the record. Rows that share one are sent one after the other. */
  readonly identities: readonly string[];
  /** True if sending the row twice has the same effect as sending it once. */
  readonly isRepeatable: boolean;
  /**
   * The kind of key that finds the record, if rows with keys of other kinds can change that key: a lead by its id can get
   * the address that finds another row's. Repeating a call is safe if all of its rows are found alike.
   */
  readonly foundBy?: string;
}

/** Returns whether the rows of one call can be sent twice. */
export const areRepeatable = (rows: readonly Pick<Made<unknown>, 'isRepeatable' | 'foundBy'>[]): boolean =>
  rows.every((row) => row.isRepeatable) && new Set(rows.map(({ foundBy }) => foundBy)).size <= 1;

/** The answer to a row. */
export interface RowResult {
  readonly status: string;
  readonly id: number | null;
  /** Why the row failed; only of a failed one. */
  readonly error?: string;
}

/** A kind of record that can be sent from a file: its columns, its keys, and its calls. */
export interface RecordKind<Item> {
  readonly type: BulkType;
  /** The operations that it can be sent with; the first is the default. */
  readonly operations: readonly [SyncOperation, ...SyncOperation[]];
  readonly rowsPerCall: number;
  /** What to say instead of `--external-key`; undefined if any field can be the external key. */
  readonly ownKeys: string | undefined;
  /** True if it can be sent without being looked for by e-mail address. */
  readonly hasEmailSearch: boolean;
  /** Asks a server for the columns. */
  columns(client: Client, options: CallOptions): Promise<KindColumns>;
  /** Returns the key of a row for people; empty if it has none. */
  keyOf(cells: Cells): string;
  /** Makes a record of the values of a row. Returns what is wrong if they make none. */
  make(cells: Cells, mode: SyncMode): Made<Item> | { readonly problem: string };
  /** Sends a call. Returns a result for each record, in order. */
  send(client: Client, items: readonly Item[], mode: SyncMode): Promise<readonly RowResult[]>;
}
