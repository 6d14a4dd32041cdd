import type { DeleteCall } from './rules/delete.ts';
import type { FoundObjects, ObjectQuery } from './rules/query.ts';
import type { Schema } from './rules/schema.ts';
import type { RowResult, SyncCall } from './rules/sync.ts';

/**
 * The objects that operations work on, wherever they are: in this server's store (`src/local/`), or with a remote
 * service that decides for itself. So nothing here promises a transaction.
 *
 * A method rejects with `SoapFault` where the whole call is refused, or with the error of what lies below
 * (`StoreError`). Then nothing was changed, unless the error says `outcomeUnknown`.
 */
export interface Backend {
  /**
   * Carries out syncMObjects row by row in request order, each row seeing what the earlier ones did, and writes the
   * call's journal entry. Resolves to one result for each row. Once a row was written, or may have been, the call does
   * not reject any more: the rows say what became of them.
   */
  sync(call: SyncCall): Promise<readonly RowResult[]>;

  /** Carries out deleteMObjects; otherwise like `sync`. */
  delete(call: DeleteCall): Promise<readonly RowResult[]>;

  /** Returns one page of the objects that a query finds. Rejects with fault 20122 if it no longer knows the place. */
  find(query: PageQuery): Promise<FoundPage>;

  /** Returns the current definitions of fields, tags and channels. */
  schema(): Promise<Schema>;

  /** Returns 32 bytes that only this instance can make of the text, to sign what clients hand back. */
  sign(text: string): Promise<Uint8Array>;
}

/** Makes the backend of one call. Throws `SoapFault` if it serves no calls of this user. */
export type BackendFor = (call: CallInfo) => Backend;

/** What a backend needs to know of a call besides its content: for the journal, and to choose whom to ask. */
export interface CallInfo {
  /** The same in log and journal. */
  readonly callId: string;
  readonly userId: string;
  readonly address: string | null;
}

/**
 * A place in the objects that a query finds: 0 before the first, otherwise what the backend answered as `end`. Clients
 * get it in stream positions, and may come back with it after a restart.
 */
export type Place = number | string;

export interface PageQuery extends Omit<ObjectQuery, 'after'> {
  readonly after: Place;
}

/** A page, and the place behind its last object; that of the query if it has none. */
export type FoundPage = FoundObjects & { readonly end: Place };
