import pg from 'pg';
import { StoreError } from '../store.ts';

/** How long is waited at most, in milliseconds. */
export interface TimeBounds {
  /** For a connection. */
  readonly connect: number;
  /** For a statement, by the database, and for the next one of a transaction. */
  readonly statement: number;
  /** For the answer to a round trip. Longer than `statement`, so that the database can say what was in the way. */
  readonly answer: number;
}

export const timeBounds: TimeBounds = { connect: 5_000, statement: 15_000, answer: 30_000 };

/** The SQLSTATE of an error that the database itself answered. */
export const sqlState = (error: unknown): string | undefined =>
  error instanceof pg.DatabaseError ? error.code : undefined;

/** Whether the same work can succeed when it is done again: a serialization failure or a deadlock. */
export const isTransient = (error: unknown): boolean => ['40001', '40P01'].includes(sqlState(error) ?? '');

/** States with which the database ends a connection, or fails itself: class 08, 57P, time in a transaction, 58, XX. */
const failingStates = /^(08...|57P..|25P0[34]|58...|XX...)$/;

/**
 * Whether the database has answered that it did not carry out what it was sent. No other error says what became of the
 * last statement. Severities are in the database's language, so the state has a say, too.
 */
export function isRefusal(error: unknown): boolean {
  if (!(error instanceof pg.DatabaseError) || error.severity === 'FATAL' || error.severity === 'PANIC') {
    return false;
  }
  return error.severity === 'ERROR' || !failingStates.test(error.code ?? '');
}

/** Whether the database refuses what it was given: class 22, data exceptions, 23, constraints, and 54, limits. */
export const isRefusedData = (error: unknown): boolean => /^(22|23|54)/.test(sqlState(error) ?? '');

/** Class 08, and a server that ends connections because it stops, has crashed or is not ready yet. */
const lostStates = /^(08...|57P0[1-3])$/;

const lostCodes: ReadonlySet<string> = new Set([
  'EAI_AGAIN',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'ENETDOWN',
  'ENETRESET',
  'ENETUNREACH',
  'ENOTCONN',
  'EPIPE',
  'ERR_SOCKET_CLOSED',
  'ERR_STREAM_DESTROYED',
  'ERR_STREAM_WRITE_AFTER_END',
  'ETIMEDOUT',
]);

/** What the driver says of a connection that had ended before: then it has sent nothing. */
const unsentMessages = /^Client (has encountered a connection error and|was closed and) is not queryable$/;
const endedMessages = /^Connection terminated( unexpectedly)?$/;

/** Whether the last statement was not sent at all. */
export const isUnsent = (error: unknown): boolean =>
  error instanceof Error && unsentMessages.test(error.message);

/** Whether the connection has gone. The same work may succeed on another one. */
export function isLost(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return lostStates.test(error.code ?? '');
  if (error instanceof AggregateError) return error.errors.length > 0 && error.errors.every(isLost);
  if (!(error instanceof Error) || error instanceof StoreError) return false;
  return lostCodes.has(codeOf(error)) || endedMessages.test(error.message) || isUnsent(error);
}

/** What the driver says when `connect` or `answer` is over. */
const silentMessages =
  /^(Query read timeout|timeout exceeded when trying to connect|timeout expired|Connection terminated due to connection timeout)$/;

/** Whether nothing came in time. The connection is of no more use, and the same work would wait as long again. */
export const isSilent = (error: unknown): boolean =>
  error instanceof Error && !(error instanceof pg.DatabaseError) && silentMessages.test(error.message);

const explanations: readonly (readonly [RegExp, string])[] = [
  [/^53100$/, 'its disk is full'],
  [/^53200$/, 'it is out of memory'],
  [/^53300$/, 'it takes no more connections; raise max_connections or put a pooler in front'],
  [/^(57P01|57P02)$/, 'it ended the connection'],
  [/^57P03$/, 'it is starting up or shutting down'],
  [/^57014$/, 'a statement took longer than it may'],
  [/^25006$/, 'it is read-only, so it is a standby or set to read only; name the primary'],
  [/^28/, 'it refuses the user or the password'],
  [/^3D000$/, 'there is no database of that name; create it first'],
  [/^42501$/, 'the user lacks a privilege'],
  [/^23/, 'a record contradicts one that is already there'],
];

const networkExplanations: readonly (readonly [RegExp, string])[] = [
  [/ENOENT.* open |EACCES.* open /, 'a file that the URL names cannot be read'],
  [/ECONNREFUSED|ENOENT/, 'nothing listens there'],
  [/ENOTFOUND|EAI_AGAIN/, 'its host name cannot be resolved'],
  [/timeout/i, 'it does not answer in time'],
  [/does not support SSL/i, 'it offers no TLS, and the URL asks for it'],
  [/ALTNAME_INVALID/, 'its certificate is for another host name than the URL has'],
  [
    /SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)/,
    'its certificate is not signed by an authority that is trusted here; name the file of the right one with sslrootcert',
  ],
  [/certificate|SSL|TLS/i, 'the secured connection cannot be made'],
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
