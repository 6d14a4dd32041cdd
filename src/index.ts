import { serveValues } from './cli/code-options.ts';
import { startServing } from './cli/serving.ts';
import type { Instance } from './instance/shape.ts';

export type { Instance };

/**
 * Options of a server. Names, values and defaults are those of `mktows serve`, which the README describes; the
 * environment is not read, but for `MKTOWS_KEY`.
 */
export interface MktowsOptions {
  /** Port to listen on; 0 picks a free one. Default: 8980. */
  readonly port?: number | undefined;
  /** Address to listen on; any but loopback needs secrets of 10 characters or more. Default: `127.0.0.1`. */
  readonly host?: string | undefined;
  /** `sqlite:<path>`, `sqlite::memory:` or `postgres://…`. Default: `sqlite:./mktows.db`. */
  readonly database?: string | undefined;
  /** A user who may call besides the stored ones, with `secret`. Without any user, one is made and stored. */
  readonly user?: string | undefined;
  readonly secret?: string | undefined;
  /** File of the key that encrypts the stored secrets. Default: the database file with `.key` added. */
  readonly keyFile?: string | undefined;
  /** Path or contents of an instance file; what the database does not have of it is added at the start. */
  readonly instance?: string | Instance | undefined;
  /** `open`: unknown fields and external keys are accepted. Default: `strict`. */
  readonly schema?: 'strict' | 'open' | undefined;
  /** The effect of an attribute with an unknown name. Default: that of `schema`. */
  readonly unknownFields?: 'fail' | 'create' | 'ignore' | undefined;
  /** `known`: an external key must name a known field. Default: that of `schema`. */
  readonly externalKeys?: 'known' | 'any' | undefined;
  /** The effect of an empty value on update. Default: `keep`. */
  readonly emptyValues?: 'keep' | 'clear' | undefined;
  /** `cascade`: an opportunity's roles are deleted with it. Default: `keep`. */
  readonly deleteRoles?: 'keep' | 'cascade' | undefined;
  /** IANA name of the zone of datetimes without an offset, and of those in answers. Default: `UTC`. */
  readonly timeZone?: string | undefined;
  /** `marketo`: 10,000 calls a day, 100 in 20 seconds, 10 at once. Default: `off`. */
  readonly limits?: 'off' | 'marketo' | undefined;
  /** Calls a day. */
  readonly limitDaily?: number | 'off' | undefined;
  /** Calls in 20 seconds. */
  readonly limitRate?: number | 'off' | undefined;
  /** Calls at once. */
  readonly limitConcurrency?: number | 'off' | undefined;
  /** PEM file of a certificate and its chain, to serve HTTPS; with `tlsKey`. Read again when it changes. */
  readonly tlsCert?: string | undefined;
  /** PEM file of the certificate's key. */
  readonly tlsKey?: string | undefined;
  /** Client addresses and blocks that may call. Default: all. */
  readonly allow?: readonly string[] | undefined;
  /** Proxies whose X-Forwarded-* headers count. Default: none. */
  readonly trustProxy?: readonly string[] | undefined;
  /** Days for which the journal keeps calls; 0 keeps all. Default: 30. */
  readonly journalDays?: number | undefined;
  /** Days for which activities of leads are kept; 0 keeps all. Default: 0. */
  readonly activityDays?: number | undefined;
  /** Neither the admin API nor the console. Default: `false`. */
  readonly noAdmin?: boolean | undefined;
  /** Port of their own for both. Default: `port`, for this machine only. */
  readonly adminPort?: number | undefined;
  /** Address to listen on for `adminPort`. Default: `127.0.0.1`. */
  readonly adminHost?: string | undefined;
  /** Host names in URLs of the admin API besides localhost, addresses and `adminHost`. */
  readonly adminNames?: readonly string[] | undefined;
  /** Lets the admin API remove objects and restore snapshots. Default: false. */
  readonly allowReset?: boolean | undefined;
  /** The number of snapshots after which no more are taken. Default: 20. */
  readonly maxSnapshots?: number | undefined;
  /** Lets the admin API make calls fail; for tests. Default: false. */
  readonly chaos?: boolean | undefined;
  /** Lets the admin API set the clock; for tests. Default: false. */
  readonly testClock?: boolean | undefined;
  /** File of the token for the admin API. Default: the database file with `.admin-token` added. */
  readonly adminTokenFile?: string | undefined;
  /** `on`: the journal keeps values before and after each change. Default: `on`. */
  readonly journalValues?: 'on' | 'off' | undefined;
  /** Requests and answers that are kept. Default: `failed`. */
  readonly journalBodies?: 'off' | 'failed' | 'all' | undefined;
  /** The maximum size of those in the database, in MiB. Default: 256. */
  readonly journalBodiesSize?: number | undefined;
  /** The least severe level that is logged to standard error, as lines of JSON. Default: `info`. */
  readonly logLevel?: 'silent' | 'error' | 'warn' | 'info' | 'debug' | undefined;
}

/** A server that is running. */
export interface MktowsServer {
  /** The URL that clients call; with `?WSDL` that of the WSDL. */
  readonly endpoint: string;
  /** Scheme, host and port: of /livez, /readyz and /metrics. */
  readonly url: string;
  readonly port: number;
  /** The users who may call, by id. */
  readonly userIds: readonly string[];
  /** The user who was made because there was none. The secret is stored, and not told again. */
  readonly newUser: { readonly userId: string; readonly secret: string } | undefined;
  /** Finishes the calls that are running, and closes the database. */
  close(): Promise<void>;
}

/**
 * Starts a server in this process. Rejects with `TypeError` for a wrong option, and with an error of one clear line if
 * the database cannot be opened, the instance has a mistake, or the port is in use. All calls run on this thread, and
 * signals are left to you: call `close` before the process ends.
 */
export async function startMktows(options: MktowsOptions = {}): Promise<MktowsServer> {
  const { instance, ...others } = options;
  const values = { ...serveValues(others), threads: '1' as const };
  const { server, userIds, newUser, stop } = await startServing(values, async (store) => {
    if (instance === undefined) return;
    const { addInstance } = await import('./cli/instance-file.ts');
    await addInstance(store, instance, values.timeZone);
  });
  let stopped: Promise<void> | undefined;
  return {
    endpoint: server.endpoint,
    url: server.url,
    port: Number(new URL(server.url).port),
    userIds,
    newUser,
    close() {
      stopped ??= stop();
      return stopped;
    },
  };
}
