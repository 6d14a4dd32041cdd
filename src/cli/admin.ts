import { isIP } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import type { Secrets } from '../access/secrets.ts';
import type { Users } from '../access/users.ts';
import type { AdminContext, Setting } from '../admin/context.ts';
import { listenApart, type OwnPort } from '../admin/own-port.ts';
import { isAdminPath } from '../admin/paths.ts';
import type { Reach } from '../admin/reach.ts';
import { createSessions } from '../admin/sessions.ts';
import { type AdminToken, TokenError, tokenInFile } from '../admin/token.ts';
import { createLocalBackend } from '../local/local-backend.ts';
import type { MObjectSettings } from '../rules/settings.ts';
import type { CertificateFiles } from '../server/certificate.ts';
import type { Chaos } from '../server/chaos.ts';
import type { Clock } from '../server/clock.ts';
import type { HttpCaps } from '../server/http-caps.ts';
import type { Logger } from '../server/log.ts';
import type { OtherListener, SharedParts } from '../server/server.ts';
import { databaseFile, isInMemory } from '../store/open.ts';
import type { Store } from '../store/store.ts';
import { CommandFailure } from './failure.ts';
import { packageVersion } from './version.ts';

/** The options of the admin API. */
export interface AdminValues {
  readonly noAdmin: boolean;
  readonly adminHost: string;
  readonly adminPort: number | undefined;
  readonly adminNames: readonly string[];
  readonly adminTokenFile: string | undefined;
  readonly allowReset: boolean;
  readonly maxSnapshots: number;
  readonly database: string;
}

export interface AdminOptions {
  readonly values: AdminValues;
  readonly store: Store;
  readonly settings: MObjectSettings;
  readonly shownSettings?: readonly Setting[];
  readonly users: Users;
  readonly secrets: Secrets;
  readonly chaos?: Chaos | undefined;
  readonly clock?: Clock | undefined;
  readonly certificate?: CertificateFiles | undefined;
  readonly httpCaps: HttpCaps;
  readonly logger: Logger;
}

/** The admin API of a server that is about to start. */
export interface ServedAdmin {
  /** For `ServerOptions.beside`. */
  readonly beside: (shared: SharedParts) => OtherListener;
  readonly tokenFile: string;
  /** Listens on the port of its own, if there is one. `endpoint`: that of calls. Resolves to its URL; undefined: the port of the endpoint. */
  listen(endpoint: string): Promise<string | undefined>;
  stop(): Promise<void>;
}

/**
 * Returns the default path of the token's file: next to a database file, or in the working directory; undefined for a
 * database in memory.
 */
export function defaultTokenFile(url: string): string | undefined {
  if (isInMemory(url)) return undefined;
  const file = databaseFile(url);
  return file === undefined ? './mktows.admin-token' : `${file}.admin-token`;
}

/** Throws a `CommandFailure` if the options contradict each other. */
export function checkAdminValues({ adminHost, adminPort, noAdmin }: AdminValues): void {
  if (noAdmin || adminPort !== undefined || adminHost === '127.0.0.1') return;
  throw new CommandFailure(
    '--admin-host needs --admin-port: on the port of the endpoint, the admin API answers to this machine only',
  );
}

/** Prepares the admin API; resolves to undefined if there is none. Makes the token's file on the first start. */
export async function prepareAdmin(options: AdminOptions): Promise<ServedAdmin | undefined> {
  const { values, logger } = options;
  const tokenFile = values.adminTokenFile ?? defaultTokenFile(values.database);
  if (values.noAdmin || tokenFile === undefined) return undefined;
  let token: AdminToken;
  try {
    token = await tokenInFile(tokenFile);
  } catch (error) {
    if (values.adminTokenFile !== undefined || !(error instanceof TokenError)) throw error;
    logger.warn(
      { reason: error.message },
      'the admin API is off: name a file for its token with --admin-token-file',
    );
    return undefined;
  }
  return adminWith(options, token, tokenFile);
}

function adminWith(options: AdminOptions, token: AdminToken, tokenFile: string): ServedAdmin {
  const { values, store, certificate, logger, httpCaps } = options;
  const { adminHost: host, adminPort: port } = values;
  const startedAt = new Date().toISOString();
  const reach: Reach = {
    isLocal: port === undefined,
    names: [host, ...values.adminNames].filter((name) => isIP(name) === 0).map((name) => name.toLowerCase()),
  };
  const sessions = createSessions();
  let shared: SharedParts | undefined;
  let listener: OtherListener | undefined;
  let ownPort: OwnPort | undefined;
  let endpoint: string | null = null;

  function contextFor({ metrics, calls }: SharedParts): Omit<AdminContext, 'streams'> {
    const { settings, users, secrets, chaos = null, clock = null, shownSettings = [] } = options;
    return {
      store,
      backendFor: createLocalBackend(store),
      settings,
      shownSettings,
      users,
      secrets,
      chaos,
      clock,
      allowReset: values.allowReset,
      maxSnapshots: values.maxSnapshots,
      metrics,
      logger,
      sessions,
      calls,
      now: clock?.now ?? (() => new Date()),
      server: { version: packageVersion(), startedAt, endpointAt: (name) => endpointNamed(name, endpoint) },
    };
  }

  return {
    tokenFile,
    beside(parts) {
      shared = parts;
      const load = async () => {
        const { createAdmin } = await loadAdmin();
        return createAdmin({ ...parts, context: contextFor(parts), token, reach });
      };
      listener = whenAsked(port === undefined, load, logger);
      return listener;
    },
    async listen(callEndpoint) {
      endpoint = callEndpoint;
      if (port === undefined || !listener || !shared) return undefined;
      // A browser on this machine would not accept the certificate's name.
      const isLoopback = host === '127.0.0.1' || host === 'localhost' || host === '::1';
      const own = { host, port, httpCaps, logger, certificate: isLoopback ? undefined : certificate };
      ownPort = await listenApart(listener, shared, own);
      return ownPort.url;
    },
    async stop() {
      const stopped = ownPort?.stop();
      await listener?.close();
      await stopped;
    },
  };
}

/** Returns the endpoint; that of a server on all addresses of the machine with the name that the client uses. */
function endpointNamed(name: string, endpoint: string | null): string | null {
  return endpoint?.replace(/(?<=^https?:\/\/)(?:0\.0\.0\.0|\[::\])(?=[:/])/, name) ?? null;
}

/**
 * Loads the admin API in steps between which calls are served: all at once would hold them up for 300 ms and more. Its
 * largest part is TypeBox, with hundreds of modules.
 */
async function loadAdmin(): Promise<typeof import('../admin/admin.ts')> {
  const steps: readonly (() => Promise<unknown>)[] = [
    () => import('typebox/system'),
    () => import('typebox/format'),
    () => import('typebox/schema'),
    () => import('typebox/type'),
    () => import('typebox/value'),
    () => import('typebox'),
    () => import('typebox/compile'),
    () => import('../admin/routes.ts'),
  ];
  for (const load of steps) {
    await load();
    await turn();
  }
  return import('../admin/admin.ts');
}

type Loaded = Pick<OtherListener, 'handle' | 'close'>;

/** Loads the admin API with its first request: its libraries would delay the start of every server. */
function whenAsked(isHere: boolean, load: () => Promise<Loaded>, logger: Logger): OtherListener {
  let loading: Promise<Loaded> | undefined;
  return {
    wants: (url) => isHere && isAdminPath(url),
    handle(request, response) {
      loading ??= load().catch((error: unknown) => {
        // The next request tries again.
        loading = undefined;
        throw error;
      });
      loading.then(
        (admin) => admin.handle(request, response),
        (error: unknown) => {
          logger.error({ err: error }, 'the admin API could not be loaded');
          request.socket.destroy();
        },
      );
    },
    async close() {
      // A failure to load it has been logged.
      const admin = await loading?.catch(() => undefined);
      await admin?.close();
    },
  };
}
