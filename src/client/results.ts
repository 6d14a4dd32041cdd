import type { MObjStatus } from '../contract/enumerations.ts';
import type { Received } from '../contract/messages.ts';
import type { MObject, MObjectKey } from './objects.ts';

/** The object was added under this id. */
export interface Created {
  readonly status: 'CREATED';
  readonly id: number;
  /** The object that was sent. */
  readonly request: MObject;
}

/** The object was there, and was changed. */
export interface Updated {
  readonly status: 'UPDATED';
  readonly id: number;
  /** The object that was sent. */
  readonly request: MObject;
}

/** The object was there, and had all these values already. */
export interface Unchanged {
  readonly status: 'UNCHANGED';
  readonly id: number;
  /** The object that was sent. */
  readonly request: MObject;
}

/** Nothing was done: the object to insert was there already, or the one to update was not (then `id` can be null). */
export interface Skipped {
  readonly status: 'SKIPPED';
  readonly id: number | null;
  /** The object that was sent. */
  readonly request: MObject;
}

/** Nothing was done, because the object is not accepted. The others of the call are not affected. */
export interface Failed<Request = MObject> {
  readonly status: 'FAILED';
  readonly id: number | null;
  /** Names the field, its value and what was expected. */
  readonly error: string;
  /** The object that was sent. */
  readonly request: Request;
}

/** The object was deleted. */
export interface Deleted {
  readonly status: 'DELETED';
  readonly id: number;
  /** The key that was sent. */
  readonly request: MObjectKey;
}

/** There was nothing to delete. */
export interface NotThere {
  readonly status: 'UNCHANGED';
  readonly id: number | null;
  /** The key that was sent. */
  readonly request: MObjectKey;
}

/** The result of an object of `syncMObjects`, a union told apart by `status`. */
export type SyncResult = Created | Updated | Unchanged | Skipped | Failed;

/** The result of an object of `deleteMObjects`, a union told apart by `status`. */
export type DeleteResult = Deleted | NotThere | Failed<MObjectKey>;

const withId: readonly MObjStatus[] = ['CREATED', 'UPDATED', 'DELETED'];

/**
 * Pairs the rows of an answer with what they answer. Throws if they do not fit: another number of rows, no status, or
 * an object that was written and has no id.
 */
export function pairedResults<Request, Result>(
  requests: readonly Request[],
  answered: Received<'ArrayOfMObjStatus'> | undefined,
): Result[] {
  const rows = answered?.mObjStatus ?? [];
  if (rows.length !== requests.length) {
    throw new Error(`it has ${rows.length} rows for ${requests.length} objects`);
  }
  return requests.map((request, index) => {
    const { id = null, status, error } = rows[index] ?? {};
    if (status === undefined || (id === null && withId.includes(status))) {
      throw new Error(`row ${index} has the status ${status} and the id ${id}`);
    }
    return (
      status === 'FAILED' ? { status, id, error: error ?? '', request } : { status, id, request }
    ) as Result;
  });
}
