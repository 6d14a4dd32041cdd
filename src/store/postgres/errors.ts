import pg from 'pg';
import { StoreError } from '../store.ts';

/** Timeouts in milliseconds. */
export interface TimeBounds {
  /** For connecting. */
  readonly connect: number;
  /** For a statement, enforced by the database, and for the gap between the statements of a transaction. */
  readonly statement: number;
  /** For the answer to a round trip. Longer than `statement`, so that the database can report the cause first. */
  readonly answer: number;
}

export const timeBounds: TimeBounds = { connect: 5_000, statement: 15_000, answer: 30_000 };

/** Returns the SQLSTATE of an error that the database reported. */
export const sqlState = (error: unknown): string | undefined =>
  error instanceof pg.DatabaseError ? error.code : undefined;

/** Returns whether the same work may succeed if repeated: a serialization failure or a deadlock. */
export const isTransient = (error: unknown): boolean => ['40001', '40P01'].includes(sqlState(error) ?? '');

/**
 * SQLSTATEs with which the database closes a connection or fails: classes 08, 57P, 25P (timeouts in a transaction),
 * 58, XX.
 */
const failingStates = /^(08...|57P..|25P0[34]|58...|XX...)$/;

/**
 * Returns whether the database reported that it did not execute the statement. After any other error, the outcome of
 * the last statement is unknown. Severities are localized, so the SQLSTATE is checked too.
 */
export function isRefusal(error: unknown): boolean {
  if (!(error instanceof pg.DatabaseError) || error.severity === 'FATAL' || error.severity === 'PANIC') {
    return false;
  }
  return error.severity === 'ERROR' || !failingStates.test(error.code ?? '');
}

/** Returns whether the database rejected the data: class 22 (data exception), 23 (constraint) or 54 (limit). */
export const isRefusedData = (error: unknown): boolean => /^(22|23|54)/.test(sqlState(error) ?? '');

/** Class 08, and a server that closes connections because it stops, crashed or is starting. */
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

/** The driver's message for a connection that had already ended. Nothing was sent then. */
const unsentMessages = /^Client (has encountered a connection error and|was closed and) is not queryable$/;
const endedMessages = /^Connection terminated( unexpectedly)?$/;

/** Returns whether the last statement was not sent. */
export const isUnsent = (error: unknown): boolean =>
  error instanceof Error && unsentMessages.test(error.message);

/** Returns whether the connection is lost. The same work may succeed on another one. */
export function isLost(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return lostStates.test(error.code ?? '');
  if (error instanceof AggregateError) return error.errors.length > 0 && error.errors.every(isLost);
  if (!(error instanceof Error) || error instanceof StoreError) return false;
  return lostCodes.has(codeOf(error)) || endedMessages.test(error.message) || isUnsent(error);
}

/** The driver's messages for the `connect` and `answer` timeouts. */
const silentMessages =
  /^(Query read timeout|timeout exceeded when trying to connect|timeout expired|Connection terminated due to connection timeout)$/;

/** Returns whether a timeout expired. The connection is unusable, and a retry would wait as long again. */
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
  [/^3D000$/, 'the database does not exist; create it first'],
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

/** If all addresses of a host refuse, Node throws one error without a message. */
function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(messageOf).join('; ');
  return error instanceof Error ? error.message.split('\n', 1).join() : String(error);
}

const codeOf = (error: unknown): string => String((error as { code?: unknown } | undefined)?.code ?? '');

/** Converts an error to a `StoreError`. Returns a `StoreError` unchanged. */
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

/** Converts an error of opening to a `StoreError`. */
export function openError(error: unknown, location: string): StoreError {
  if (error instanceof StoreError && error.failure !== 'failed') return error;
  const cause = error instanceof StoreError ? (error.cause ?? error) : error;
  return new StoreError(`Cannot open PostgreSQL database ${location}: ${explain(cause)}`, {
    failure: 'unusable',
    cause,
  });
}
