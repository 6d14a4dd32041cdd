import pg from 'pg';
import { StoreError } from '../store.ts';

/** How long a call waits for a connection, how long a statement may take, and a round trip, in milliseconds. */
export const CONNECT_TIMEOUT = 5000;
export const STATEMENT_TIMEOUT = 15_000;
export const ANSWER_TIMEOUT = 30_000;

/** The SQLSTATE of an error that the database itself answered. */
export const sqlState = (error: unknown): string | undefined =>
  error instanceof pg.DatabaseError ? error.code : undefined;

/** Whether the same work can succeed when it is done again: a serialization failure or a deadlock. */
export const isTransient = (error: unknown): boolean => ['40001', '40P01'].includes(sqlState(error) ?? '');

/**
 * Whether the connection has gone, or is of no more use: then no answer says what became of the last statement. An
 * answer of severity ERROR does say it: the statement was not carried out, and the connection lives.
 */
export function isLost(error: unknown): boolean {
  if (!(error instanceof pg.DatabaseError)) return error instanceof Error && !(error instanceof StoreError);
  return error.severity === 'FATAL' || error.severity === 'PANIC' || (error.code ?? '').startsWith('08');
}

const explanations: readonly (readonly [RegExp, string])[] = [
  [/^53100$/, 'its disk is full'],
  [/^53200$/, 'it is out of memory'],
  [/^53300$/, 'it takes no more connections; raise max_connections or put a pooler in front'],
  [/^(57P01|57P02)$/, 'it ended the connection'],
  [/^57P03$/, 'it is starting up or shutting down'],
  [/^57014$/, `a statement took over ${STATEMENT_TIMEOUT / 1000} seconds`],
  [/^25006$/, 'it is read-only, so it is a standby or set to read only; name the primary'],
  [/^28/, 'it refuses the user or the password'],
  [/^3D000$/, 'there is no database of that name; create it first'],
  [/^42501$/, 'the user lacks a privilege'],
  [/^23/, 'a record contradicts one that is already there'],
];

const networkExplanations: readonly (readonly [RegExp, string])[] = [
  [/ECONNREFUSED|ENOENT/, 'nothing listens there'],
  [/ENOTFOUND|EAI_AGAIN/, 'its host name cannot be resolved'],
  [/timeout/i, 'it does not answer in time'],
  [/certificate|self.signed|SSL|TLS/i, 'the secured connection cannot be made'],
  [/terminated|ECONNRESET|EPIPE|ended/i, 'the connection was lost'],
];

function explain(error: unknown): string {
  const message = messageOf(error);
  const state = sqlState(error);
  const known =
    state === undefined
      ? networkExplanations.find(([pattern]) => pattern.test(`${message} ${codeOf(error)}`))
      : explanations.find(([pattern]) => pattern.test(state));
  return known === undefined ? message : `${known[1]} (${message})`;
}

/** Several addresses of a host that all refuse come as one error without a text of its own. */
function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(messageOf).join('; ');
  return error instanceof Error ? error.message.split('\n', 1).join() : String(error);
}

const codeOf = (error: unknown): string => String((error as { code?: unknown } | undefined)?.code ?? '');

/** What went wrong with the database, as the store's own error. One that is it already is left as it is. */
export function storeError(error: unknown, location: string, outcomeUnknown = false): StoreError {
  if (error instanceof StoreError) return error;
  const unknown = outcomeUnknown
    ? '; the commit was sent and its answer was lost, so whether it was applied is unknown'
    : '';
  return new StoreError(`PostgreSQL database ${location}: ${explain(error)}${unknown}`, {
    outcomeUnknown,
    cause: error,
  });
}

/** Why the database cannot be opened. */
export function openError(error: unknown, location: string): StoreError {
  if (error instanceof StoreError && error.failure !== 'failed') return error;
  const cause = error instanceof StoreError ? (error.cause ?? error) : error;
  return new StoreError(`Cannot open PostgreSQL database ${location}: ${explain(cause)}`, {
    failure: 'unusable',
    cause,
  });
}
