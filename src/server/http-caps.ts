/** How much of the server clients may take up. Times are in milliseconds. */
export interface HttpCaps {
  /** Connections at once. */
  readonly maxConnections: number;
  /** Connections at once of one address that is no trusted proxy's. */
  readonly maxConnectionsPerAddress: number;
  /** Bytes of all headers of a request. */
  readonly maxHeaderBytes: number;
  /** Bytes of the bodies of all calls under way, of each without its first `UNCOUNTED_BYTES`. */
  readonly maxBodiesBytes: number;
  /** Bytes of all answers that clients have not taken yet, of each without its first `UNCOUNTED_BYTES`. */
  readonly maxAnswersBytes: number;
  /** From the connection, or from the first byte after an answer, to the end of the headers. */
  readonly headerTime: number;
  /** From the same moment to the last byte of the body. */
  readonly bodyTime: number;
  /** Without a new request on a connection that is kept. */
  readonly idleTime: number;
  /** Without the client taking a byte of an answer. */
  readonly answerTime: number;
}

/** Idle connections outlast the 60 s of common load balancers. */
export const defaultHttpCaps: HttpCaps = {
  maxConnections: 1_000,
  maxConnectionsPerAddress: 250,
  maxHeaderBytes: 32 * 1024,
  maxBodiesBytes: 256 * 1024 * 1024,
  maxAnswersBytes: 128 * 1024 * 1024,
  headerTime: 20_000,
  bodyTime: 120_000,
  idleTime: 65_000,
  answerTime: 60_000,
};

/**
 * The beginning of a body or an answer, so small that `maxBodiesBytes` and `maxAnswersBytes` are not asked: a usual
 * call gets through whatever others send, or do not read.
 */
export const UNCOUNTED_BYTES = 128 * 1024;

/** What is no client's business, in milliseconds. */
export const serverTimes = {
  /** For what is still arriving when the server stops; what an operation has begun is always finished. */
  stop: 10_000,
  /** For the store's answer to /readyz. */
  readiness: 2_000,
  /** For the rest of a refused body, and for the request on a refused connection: to have the answer read. */
  linger: 2_000,
} as const;

/** How often connections are looked at for `headerTime` and `bodyTime`, in milliseconds. */
export const checkEvery = ({ headerTime, bodyTime }: HttpCaps): number =>
  Math.max(100, Math.min(5_000, headerTime / 4, bodyTime / 4));
