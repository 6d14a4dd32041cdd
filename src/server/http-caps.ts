/** Limits of what clients may use. Times are in milliseconds. */
export interface HttpCaps {
  /** Connections at once. */
  readonly maxConnections: number;
  /** Connections at once from one address, except trusted proxies. */
  readonly maxConnectionsPerAddress: number;
  /** Bytes of all headers of a request. */
  readonly maxHeaderBytes: number;
  /** Bytes of the bodies of all running calls, not counting the first `UNCOUNTED_BYTES` of each. */
  readonly maxBodiesBytes: number;
  /** Bytes of all answers not read yet, not counting the first `UNCOUNTED_BYTES` of each. */
  readonly maxAnswersBytes: number;
  /** From the connection, or the first byte after an answer, to the end of the headers. */
  readonly headerTime: number;
  /** From the same moment to the last byte of the body. */
  readonly bodyTime: number;
  /** Without a new request on a kept connection. */
  readonly idleTime: number;
  /** Without the client reading a byte of the answer. */
  readonly answerTime: number;
}

/** The idle time exceeds the 60 s of common load balancers. */
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
 * The beginning of each body and answer that does not count against `maxBodiesBytes` and `maxAnswersBytes`, in bytes.
 * Calls of usual size thus succeed, however much others send or leave unread.
 */
export const UNCOUNTED_BYTES = 128 * 1024;

/** Server-side timeouts in milliseconds; not configurable. */
export const serverTimes = {
  /** For requests still arriving when the server stops. Running operations always finish. */
  stop: 10_000,
  /** For the store's answer to /readyz. */
  readiness: 2_000,
  /**
   * Without a byte of the rest of a refused body; after an answer to a body that is not complete; and for the request
   * on a refused connection. So that the client can read the answer.
   */
  linger: 2_000,
  /** For the rest of a refused body in all, before the answer. */
  lingerInAll: 30_000,
} as const;

/** Returns the interval at which `headerTime` and `bodyTime` are enforced, in milliseconds. */
export const checkEvery = ({ headerTime, bodyTime }: HttpCaps): number =>
  Math.max(100, Math.min(5_000, headerTime / 4, bodyTime / 4));
