/**
 * How long a client may take, in milliseconds. They end connections that do nothing, not calls under way: a call
 * that is with an operation has no limit of its own.
 */
export const httpTimes = {
  /** From the connection, or the last answer, to the end of the headers; then status 408. */
  headers: 20_000,
  /** From the connection, or the last answer, to the last byte of the body; then status 408. */
  request: 120_000,
  /** Without a new request on a connection that is kept; over the 60 s of common load balancers. */
  keepAlive: 65_000,
  /** How often connections are looked at for the first two. */
  checkEvery: 5_000,
  /** For what is still arriving when the server stops; what an operation has begun is always finished. */
  stop: 10_000,
  /** For the store's answer to /readyz. */
  readiness: 2_000,
} as const;

/** Bytes of all headers of a request; more is status 431. */
export const MAX_HEADER_BYTES = 32 * 1024;
