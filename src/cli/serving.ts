import { createAddressList } from '../access/addresses.ts';
import { createAuthenticator } from '../access/authenticate.ts';
import { areOff, createLimits, type LimitSettings, type Limits } from '../access/limits.ts';
import { quotaDay, takenTodayBy } from '../access/quota-day.ts';
import { makeSecret, makeUserId, type Secrets } from '../access/secrets.ts';
import { SETTLED_AFTER, shareLimits } from '../access/shared-limits.ts';
import { storeUser } from '../access/user-changes.ts';
import { readCertificate } from '../server/certificate.ts';
import { createChaos } from '../server/chaos.ts';
import { createClock } from '../server/clock.ts';
import { finishMerges } from '../server/interrupted-merges.ts';
import { createLogger, type Logger } from '../server/log.ts';
import { startPruning } from '../server/pruning.ts';
import { type RunningServer, startServer } from '../server/server.ts';
import { openStore } from '../store/open.ts';
import type { Store, StoreDescription, UserTable } from '../store/store.ts';
import { checkAdminValues, prepareAdmin } from './admin.ts';
import type { AnnouncedAdmin, NewUser } from './announcement.ts';
import { assertPortFree } from './assert-port-free.ts';
import { secretsOf } from './database.ts';
import { CommandFailure } from './failure.ts';
import {
  capsOf,
  certificateOf,
  httpCapsOf,
  journalOf,
  limitsOf,
  type ServeValues,
  settingsOf,
  wantsCallWorker,
  windowOf,
} from './serve-settings.ts';
import { givenUser, knownUserIds, usersFor } from './serve-users.ts';
import { givenByCode, type OriginOf, shownSettings } from './shown-settings.ts';

/** A server that runs with the options of `mktows serve`. */
export interface Serving {
  readonly server: RunningServer;
  readonly description: StoreDescription;
  readonly logger: Logger;
  /** The ids of all users who may call. */
  readonly userIds: readonly string[];
  /** The database's first user, if it was just created. */
  readonly newUser: NewUser | undefined;
  /** The admin API; undefined: there is none. */
  readonly admin: AnnouncedAdmin | undefined;
  /** Finishes running calls and closes the database. */
  stop(): Promise<void>;
}

/**
 * Starts a server. Before it listens, `addInstance` adds data that clients cannot create. `from`: where the values came
 * from, to be shown.
 */
export async function startServing(
  values: ServeValues,
  addInstance: (store: Store) => Promise<void>,
  from: OriginOf = givenByCode(values),
): Promise<Serving> {
  // Reports invalid options before the database is opened.
  givenUser(values);
  checkCertificate(values);
  checkAdminValues(values);
  await assertPortFree(values.database, values.host, values.port);
  if (!values.noAdmin) await assertPortFree(values.database, values.adminHost, values.adminPort);
  const logger = createLogger(values.logLevel);
  const store = await openStore(values.database, { log: logger, asServer: true });
  try {
    return await serveStore(values, store, logger, addInstance, from);
  } catch (error) {
    await store.close();
    throw error;
  }
}

function checkCertificate(values: ServeValues): void {
  const files = certificateOf(values);
  try {
    if (files) readCertificate(files);
  } catch (error) {
    throw new CommandFailure((error as Error).message);
  }
}

async function serveStore(
  values: ServeValues,
  store: Store,
  logger: Logger,
  addInstance: (store: Store) => Promise<void>,
  from: OriginOf,
): Promise<Serving> {
  const secrets = secretsOf(values.database, values.keyFile);
  const userIds = await knownUserIds(values, store.users, secrets);
  await addInstance(store);
  const users = usersFor(values, store.users, secrets);
  const window = windowOf(values);
  const limits = await limitsFor(limitsOf(values), store, logger);
  const chaos = values.chaos ? createChaos() : undefined;
  if (chaos) logger.warn('--chaos: the admin API can make calls fail');
  const clock = values.testClock ? createClock() : undefined;
  if (clock) logger.warn('--test-clock: the admin API can set the clock');
  const admin = await prepareAdmin({
    values,
    store,
    settings: settingsOf(values),
    shownSettings: shownSettings(values, from),
    users,
    secrets,
    chaos,
    clock,
    certificate: certificateOf(values),
    httpCaps: httpCapsOf(values),
    logger,
  });
  let server: RunningServer | undefined;
  let newUser: NewUser | undefined;
  let adminUrl: string | undefined;
  try {
    server = await startServer({
      host: values.host,
      port: values.port,
      store,
      settings: settingsOf(values),
      authenticate: createAuthenticator({ users, window }),
      ...(wantsCallWorker(values) ? { callWorker: { users, window } } : {}),
      limits,
      certificate: certificateOf(values),
      addresses: values.allow.length > 0 ? createAddressList(values.allow) : undefined,
      trustProxy: values.trustProxy,
      caps: capsOf(values),
      journal: journalOf(values),
      httpCaps: httpCapsOf(values),
      logger,
      ...(clock && { now: clock.now }),
      ...(chaos && {
        around: chaos.around,
        beforeAnswer: ({ callId }) => (chaos.drops(callId) ? 'drop' : 'send'),
      }),
      beside: admin?.beside,
    });
    adminUrl = await admin?.listen(server.endpoint);
    // Only once the server listens: otherwise a failed start would store a secret that nobody has seen.
    newUser = userIds.length === 0 ? await makeFirstUser(store.users, secrets) : undefined;
  } catch (error) {
    await admin?.stop();
    await server?.app.close();
    await limits.close();
    throw error;
  }
  const endPruning = startPruning(store, values, logger);
  const endMerges = finishMerges(store, logger);
  const { stop } = server;
  return {
    server,
    description: store.description,
    logger,
    userIds: newUser ? [newUser.userId] : userIds,
    newUser,
    admin: admin && { url: adminUrl ?? server.url, tokenFile: admin.tokenFile },
    async stop() {
      endPruning();
      endMerges();
      chaos?.endDelays();
      await Promise.all([admin?.stop(), stop()]);
    },
  };
}

/**
 * Returns limits that include the calls of today so far, and the calls of all servers if several can share the store.
 */
async function limitsFor(
  settings: LimitSettings,
  { journal, callCounts }: Pick<Store, 'journal' | 'callCounts'>,
  logger: Logger,
): Promise<Limits> {
  const now = Date.now();
  const takenUntil = (until: number) =>
    settings.daily === undefined ? 0 : takenTodayBy(journal, now, settings.daily, until);
  if (callCounts === null || areOff(settings)) {
    return createLimits(settings, { takenToday: await takenUntil(Number.POSITIVE_INFINITY) });
  }
  const takenToday = await callCounts.join(quotaDay(now).start, await takenUntil(now - SETTLED_AFTER));
  return shareLimits(createLimits(settings, { takenToday }), callCounts, logger);
}

async function makeFirstUser(table: UserTable, secrets: Secrets): Promise<NewUser> {
  const user = { userId: makeUserId(), secret: makeSecret() };
  await storeUser(table, secrets, { ...user, replace: false });
  return user;
}
