import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Secrets } from '../access/secrets.ts';
import type { Users } from '../access/users.ts';
import type { BackendFor } from '../backend.ts';
import type { MObjectSettings } from '../rules/settings.ts';
import type { Chaos } from '../server/chaos.ts';
import type { Clock } from '../server/clock.ts';
import type { Logger } from '../server/log.ts';
import type { Metrics } from '../server/metrics.ts';
import type { ServerCalls } from '../server/server.ts';
import type { Store } from '../store/store.ts';
import type { Sessions } from './sessions.ts';

/** The streams of calls that are open. */
export interface CallStreams {
  /** Opens a stream. Throws a `Problem` if there are too many. */
  open(request: FastifyRequest, reply: FastifyReply): Promise<void>;
  /** Ends all. */
  close(): void;
}

/** The parts of the server that the routes of the admin API use. */
export interface AdminContext {
  readonly store: Store;
  readonly backendFor: BackendFor;
  readonly settings: MObjectSettings;
  /** The options of the server at its start. */
  readonly shownSettings: readonly Setting[];
  /** The users who may call. */
  readonly users: Users;
  /** Encrypts the secrets of new users. */
  readonly secrets: Secrets;
  /** Makes calls fail; null: not on this server. */
  readonly chaos: Chaos | null;
  /** The clock that tests set; null: the time is that of the machine. */
  readonly clock: Clock | null;
  /** Objects may be removed, and snapshots restored. */
  readonly allowReset: boolean;
  /** No more snapshots than this are taken. */
  readonly maxSnapshots: number;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly sessions: Sessions;
  readonly calls: ServerCalls;
  readonly streams: CallStreams;
  readonly now: () => Date;
  readonly server: AboutServer;
}

/** An option of the server, as it may be shown. */
export interface Setting {
  /** Such as `--port`. */
  readonly option: string;
  /** As on the command line; null: not given. */
  readonly value: string | null;
  readonly from: 'default' | 'command line' | 'environment' | 'file' | 'code';
  readonly description: string;
}

/** The server's description of itself. */
export interface AboutServer {
  readonly version: string;
  /** UTC, ISO 8601. */
  readonly startedAt: string;
  /** Returns the URL for calls; null: it does not listen yet. `host`: what the client calls this machine. */
  endpointAt(host: string): string | null;
}
