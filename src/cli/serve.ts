import type { Command } from 'commander';
import { createAddressList } from '../access/addresses.ts';
import { createAuthenticator } from '../access/authenticate.ts';
import { areOff, createLimits, type LimitSettings, type Limits } from '../access/limits.ts';
import { quotaDay, takenTodayBy } from '../access/quota-day.ts';
import { makeSecret, makeUserId, type Secrets } from '../access/secrets.ts';
import { SETTLED_AFTER, shareLimits } from '../access/shared-limits.ts';
import { pruneHourly } from '../server/journal-pruning.ts';
import { createLogger, type Logger } from '../server/log.ts';
import { type RunningServer, startServer } from '../server/server.ts';
import { openStore } from '../store/open.ts';
import type { Store, UserTable } from '../store/store.ts';
import { announcement, type NewUser } from './announcement.ts';
import { secretsOf } from './database.ts';
import { addInstanceFile } from './instance-file.ts';
import { addOptions, givenOptions, valuesOf } from './option.ts';
import { serveOptions } from './options.ts';
import { goOnWithoutOutput } from './output.ts';
import {
  capsOf,
  httpCapsOf,
  limitsOf,
  type ServeValues,
  settingsOf,
  wantsCallWorker,
  windowOf,
} from './serve-settings.ts';
import { givenUser, knownUserIds, usersFor } from './serve-users.ts';
import { stopOnSignal } from './signals.ts';
import { storeUser } from './users.ts';

/** Adds `mktows serve`. */
export function addServe(program: Command): void {
  addOptions(
    program.command('serve').description('Serve the SOAP API until told to stop.'),
    serveOptions,
  ).action(async (_options, command: Command) => {
    const values = valuesOf(command, serveOptions);
    // What is wrong with the options must not wait for the database.
    givenUser(values);
    const logger = createLogger(values.logLevel);
    const store = await openStore(values.database, { log: logger, asServer: true });
    try {
      await serve(values, store, logger, givenOptions(command, serveOptions));
    } catch (error) {
      await store.close();
      throw error;
    }
  });
}

async function serve(
  values: ServeValues,
  store: Store,
  logger: Logger,
  settings: readonly string[],
): Promise<void> {
  const secrets = secretsOf(values.database, values.keyFile);
  const userIds = await knownUserIds(values, store.users, secrets);
  if (values.instance !== undefined) await addInstanceFile(store, values.instance, values.timeZone);
  const users = usersFor(values, store.users, secrets);
  const window = windowOf(values);
  const limits = await limitsFor(limitsOf(values), store, logger);
  let server: RunningServer | undefined;
  let words: string;
  try {
    server = await startServer({
      host: values.host,
      port: values.port,
      store,
      settings: settingsOf(values),
      authenticate: createAuthenticator({ users, window }),
      ...(wantsCallWorker(values) ? { callWorker: { users, window } } : {}),
      limits,
      addresses: values.allow.length > 0 ? createAddressList(values.allow) : undefined,
      trustProxy: values.trustProxy,
      caps: capsOf(values),
      httpCaps: httpCapsOf(values),
      logger,
    });
    // Not before it listens: a start that fails would store a secret that nobody has seen.
    const newUser = userIds.length === 0 ? await makeFirstUser(store.users, secrets) : undefined;
    const announced = newUser ? [newUser.userId] : userIds;
    words = announcement({
      server,
      description: store.description,
      userIds: announced,
      newUser,
      settings: shown(settings),
    });
  } catch (error) {
    await server?.app.close();
    await limits.close();
    throw error;
  }
  const endPruning =
    values.journalDays > 0 ? pruneHourly(store.journal, values.journalDays, logger) : undefined;
  stopOnSignal(async () => {
    endPruning?.();
    await server.stop();
  });
  goOnWithoutOutput((error) => logger.warn({ err: error }, unannounced));
  // Who reads it may tell the process to stop at once.
  process.stdout.write(words);
}

const unannounced =
  'the first lines could not be written to standard output; if they held the secret of a new user, give it another one: mktows users add --replace';

/** Limits that go on from what was taken today, and that count over all servers where several can share the store. */
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

/** What has a line of its own, or must not be shown, is no setting to list. */
const shown = (settings: readonly string[]) =>
  settings.filter((setting) => !/^--(port|host|database|user|secret) /.test(setting));
