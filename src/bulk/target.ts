import { type ClientOptions, createClient } from '../client/client.ts';
import { type MktowsError, MktowsFault, MktowsNoAnswer } from '../client/errors.ts';
import { failureText } from '../client/failure-text.ts';
import { BulkError } from './errors.ts';
import type { KindColumns, RecordKind, RowResult, SyncMode } from './kinds/record-kind.ts';

/** The server that rows are sent to. Methods reject with `TargetError`. */
export interface Target {
  columns(kind: RecordKind<unknown>, signal: AbortSignal): Promise<KindColumns>;
  /** Sends a call once. Returns a result for each item, in order. */
  send(kind: RecordKind<unknown>, items: readonly unknown[], mode: SyncMode): Promise<readonly RowResult[]>;
}

/**
 * What a call that failed calls for:
 * `busy`: the server's limits; the call was not applied, and can be sent after a pause.
 * `unreachable`: it was not applied; the server may be there again soon.
 * `unknown`: it may have been applied.
 * `refused`: something in the call is not accepted; nothing was applied.
 * `stop`: no other call would fare better, such as with a wrong secret.
 */
export type TargetFailure = 'busy' | 'unreachable' | 'unknown' | 'refused' | 'stop';

/** A call that failed. */
export class TargetError extends BulkError {
  override readonly name = 'TargetError';
  readonly failure: TargetFailure;

  constructor(failure: TargetFailure, message: string, options?: ErrorOptions) {
    super([message], options);
    this.failure = failure;
  }
}

/** The endpoint of a server. Calls of rows are not repeated here: their sender knows which it may repeat. */
export function createTarget(options: Omit<ClientOptions, 'retries'>): Target {
  const client = createClient(options);
  const once = createClient({ ...options, retries: 0 });
  return {
    columns: (kind, signal) => told(kind.columns(client, { signal })),
    send: (kind, items, mode) => told(kind.send(once, items, mode)),
  };
}

async function told<Answer>(call: Promise<Answer>): Promise<Answer> {
  try {
    return await call;
  } catch (error) {
    const failure = failureOf(error);
    if (failure === undefined) throw error;
    throw new TargetError(failure, failureText(error as MktowsError), { cause: error });
  }
}

function failureOf(error: unknown): TargetFailure | undefined {
  if (error instanceof MktowsNoAnswer) return error.outcomeUnknown ? 'unknown' : 'unreachable';
  if (!(error instanceof MktowsFault)) return undefined;
  switch (error.code) {
    case 20023:
    case 20024:
      return 'busy';
    case 20011:
      return 'unknown';
    case 20013:
    case 20014:
    case 20015:
    case 20016:
    case undefined:
      return 'stop';
    default:
      return 'refused';
  }
}
