import { createAuthenticator } from '../access/authenticate.ts';
import { makeKey } from '../access/key.ts';
import { createLimits } from '../access/limits.ts';
import { createSecrets } from '../access/secrets.ts';
import { createUsers } from '../access/users.ts';
import { serveValues } from '../cli/code-options.ts';
import { applyFile, instanceFile } from '../cli/instance-file.ts';
import { limitsOf, settingsOf } from '../cli/serve-settings.ts';
import { exportInstance } from '../instance/export.ts';
import type { Instance } from '../instance/shape.ts';
import { createChaos } from '../server/chaos.ts';
import { type Clock, createClock } from '../server/clock.ts';
import { createLogger } from '../server/log.ts';
import { startServer } from '../server/server.ts';
import { isInMemory, openStore } from '../store/open.ts';
import type { Store } from '../store/store.ts';
import { defaultCaps } from '../wire/caps.ts';
import { createCallLog, type ReceivedCall } from './calls.ts';
import { type Failure, ruleOf } from './failures.ts';
import { type ObjectOf, type ObjectType, objectsOf } from './objects.ts';
import { replaceableStore } from './replaceable-store.ts';

/** Options of a test server. Those that `mktows serve` has, too, have its names and values. */
export interface TestServerOptions {
  /** Fields, tags, channels and objects that are there at the start: the path or the contents of an instance file. */
  readonly instance?: string | Instance | undefined;
  /** Port to listen on. Default: 0, a free one. */
  readonly port?: number | undefined;
  /** Default: `sqlite::memory:`, a database of its own. */
  readonly database?: string | undefined;
  /** The user who may call. */
  readonly user?: string | undefined;
  readonly secret?: string | undefined;
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
  /** `marketo`: 10,000 calls a day, 100 in 20 seconds by `clock`, 10 at once. Default: `off`. */
  readonly limits?: 'off' | 'marketo' | undefined;
  readonly limitDaily?: number | 'off' | undefined;
  readonly limitRate?: number | 'off' | undefined;
  readonly limitConcurrency?: number | 'off' | undefined;
  /** The least severe level that is logged to standard error. Default: `silent`. */
  readonly logLevel?: 'silent' | 'error' | 'warn' | 'info' | 'debug' | undefined;
}

/** A server in a test. */
export interface TestServer extends AsyncDisposable {
  /** The URL that clients call; with `?WSDL` that of the WSDL. */
  readonly endpoint: string;
  readonly port: number;
  readonly userId: string;
  readonly secret: string;
  /** Returns the calls so far, oldest first. A call is among them before it is answered. */
  calls(): readonly ReceivedCall[];
  /** Reads all objects of a type, ascending by id, in the form of the instance file. */
  objects<Type extends ObjectType>(type: Type): Promise<ObjectOf<Type>[]>;
  /** Makes the next call fail, or the next ones. Several failures are used in the order in which they were added. */
  failNext(failure: Failure): void;
  /**
   * Brings the server back to its start: objects, ids, calls, failures and clock. In a database that is not in memory
   * ids and the journal go on.
   */
  reset(): Promise<void>;
  /**
   * The clock of what is stored (`createdAt`, `updatedAt`, the journal) and of limits. Signatures are checked by the
   * real time, as clients sign by it; for an expired one, use `failNext({ fault: 20016 })`.
   */
  readonly clock: Clock;
  /** Stops the server. Calls that are running are finished first. */
  close(): Promise<void>;
}

const defaultUser = { user: 'test_1_MKTOWS', secret: 'mktows-testing-secret' };

/** Starts a server in this process, with a database of its own in memory. Servers do not affect each other. */
export async function startMktows(options: TestServerOptions = {}): Promise<TestServer> {
  const { instance: given = {}, ...others } = options;
  const values = serveValues({
    ...others,
    port: others.port ?? 0,
    database: others.database ?? 'sqlite::memory:',
    logLevel: others.logLevel ?? 'silent',
  });
  const { user: userId = defaultUser.user, secret = defaultUser.secret, timeZone, database } = values;
  const instance = await instanceFile(given);
  const logger = createLogger(values.logLevel);
  const clock = createClock();
  const callLog = createCallLog();
  const chaos = createChaos(callLog.received);

  /** Applies the instance. `exact`: removes everything else. */
  const seed = (store: Store, exact: boolean) =>
    applyFile(store, instance, { mode: exact ? 'make' : 'add', exact, now: clock.now(), timeZone });

  async function open(): Promise<Store> {
    const store = await openStore(database, { log: logger, asServer: true });
    try {
      await seed(store, false);
      return store;
    } catch (error) {
      await store.close();
      throw error;
    }
  }

  const store = replaceableStore(await open(), callLog.decided);
  const users = createUsers({
    table: store.users,
    secrets: createSecrets({ key: makeKey(), keyFile: '' }),
    given: [{ userId, secret }],
  });
  const server = await startServer({
    host: values.host,
    port: values.port,
    store,
    settings: settingsOf(values),
    authenticate: createAuthenticator({ users }),
    limits: createLimits(limitsOf(values), { now: () => clock.now().getTime() }),
    caps: defaultCaps,
    logger,
    now: clock.now,
    around: chaos.around,
    beforeAnswer(trace) {
      callLog.answering(trace, clock.now());
      return chaos.drops(trace.callId) ? 'drop' : 'send';
    },
  }).catch(async (error: unknown) => {
    await store.close();
    throw error;
  });

  let closed: Promise<void> | undefined;
  const close = () => {
    chaos.endDelays();
    closed ??= server.stop();
    return closed;
  };
  return {
    endpoint: server.endpoint,
    port: Number(new URL(server.url).port),
    userId,
    secret,
    clock,
    calls: () => [...callLog.calls],
    objects: async (type) => objectsOf(await exportInstance(store), type),
    failNext: (failure) => chaos.add(ruleOf(failure)),
    async reset() {
      clock.reset();
      chaos.set([], chaos.seed);
      if (isInMemory(database)) await store.replace(await open());
      else await seed(store, true);
      callLog.clear();
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
