import Table from 'cli-table3';
import type { Command } from 'commander';
import { createAuthenticator } from '../access/authenticate.ts';
import { createLimits, noLimits } from '../access/limits.ts';
import { DEMO_SECRET } from '../access/secrets.ts';
import { createUsers } from '../access/users.ts';
import { createClient } from '../client/index.ts';
import { defaultSettings } from '../rules/settings.ts';
import { defaultHttpCaps } from '../server/http-caps.ts';
import { createLogger, type Logger } from '../server/log.ts';
import { printable } from '../server/printable.ts';
import { type RunningServer, type ServerOptions, startServer } from '../server/server.ts';
import { openStore } from '../store/open.ts';
import type { Store, StoreDescription } from '../store/store.ts';
import { defaultCaps } from '../wire/caps.ts';
import { prepareAdmin, type ServedAdmin } from './admin.ts';
import { consoleAddress } from './announcement.ts';
import { serveValues } from './code-options.ts';
import { secretsOf } from './database.ts';
import { type DemoResult, sendDemoCalls } from './demo-calls.ts';
import { curlSnippet, phpSnippet } from './demo-snippets.ts';
import { CommandFailure } from './failure.ts';
import { addDemoInstance } from './instance-file.ts';
import { addOptions, type ValuesOf, valuesOf } from './option.ts';
import { demoOptions } from './options.ts';
import { givenByCode, shownSettings } from './shown-settings.ts';
import { stopOnSignal } from './signals.ts';

type DemoValues = ValuesOf<typeof demoOptions>;

const HOST = '127.0.0.1';
const demoUser = { userId: 'demo_1_809934544BFABAE58E5D27', secret: DEMO_SECRET };

/** Adds `mktows demo`. */
export function addDemo(program: Command): void {
  addOptions(
    program
      .command('demo')
      .description(
        "Start a server with sample objects, send it the three sample calls of Marketo's syncMObjects page, and keep running.",
      ),
    demoOptions,
  ).action(async (_options, command: Command) => demo(valuesOf(command, demoOptions)));
}

async function demo(values: DemoValues): Promise<void> {
  const logger = createLogger(values.logLevel);
  const store = await openStore(values.database, { log: logger, asServer: true });
  let server: RunningServer;
  let admin: ServedAdmin | undefined;
  try {
    await addDemoInstance(store);
    ({ server, admin } = await start(values, store, logger));
  } catch (error) {
    await store.close();
    throw error;
  }
  let results: DemoResult[];
  try {
    const client = createClient({ endpoint: server.endpoint, ...demoUser });
    results = await sendDemoCalls(client, await store.contents());
  } catch (error) {
    await server.stop();
    throw error;
  }
  process.stdout.write(`${tableOf(results)}\n`);
  if (values.once) {
    await server.stop();
    requireExpected(results);
    process.stdout.write(conclusion(store));
  } else {
    stopOnSignal(() => server.stop());
    process.stdout.write(invitation(server, admin, store.description));
  }
}

async function start(
  values: DemoValues,
  store: Store,
  logger: Logger,
): Promise<{ server: RunningServer; admin: ServedAdmin | undefined }> {
  const secrets = secretsOf(values.database, undefined);
  const users = createUsers({ table: store.users, secrets, given: [demoUser] });
  const settings = defaultSettings;
  const { once, port, database, adminTokenFile, logLevel } = values;
  const serve = serveValues({
    ...{ port, database, adminTokenFile, logLevel },
    user: demoUser.userId,
    secret: demoUser.secret,
    threads: '1',
    // Calls, and then an end: nobody has the time to look.
    noAdmin: once,
    // It is there to be tried.
    allowReset: true,
  });
  const admin = await prepareAdmin({
    values: serve,
    store,
    settings,
    shownSettings: shownSettings(serve, givenByCode(serve)),
    users,
    secrets,
    httpCaps: defaultHttpCaps,
    logger,
  });
  const options: ServerOptions = {
    store,
    settings,
    authenticate: createAuthenticator({ users }),
    limits: createLimits(noLimits),
    caps: defaultCaps,
    logger,
    beside: admin?.beside,
  };
  async function listening(port: number) {
    const server = await startServer({ ...options, host: HOST, port });
    await admin?.listen(server.endpoint);
    return { server, admin };
  }
  try {
    return await listening(values.port);
  } catch (error) {
    // With --once, any free port will do.
    if (!values.once || (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    return await listening(0);
  }
}

function tableOf(results: readonly DemoResult[]): string {
  const table = new Table({ head: ['Request', 'Answer'], style: { head: [], border: [] } });
  for (const { call, id, status, error } of results) {
    const answer = [status, `  id = ${id ?? 'nil'}`, ...(error === undefined ? [] : [`  ${error}`])];
    table.push([call.request.join('\n'), answer.join('\n')]);
  }
  return table.toString();
}

function requireExpected(results: readonly DemoResult[]): void {
  const wrong = results.filter(({ status, expected }) => status !== expected);
  if (wrong.length === 0) return;
  throw new CommandFailure(
    ...wrong.map(({ call, status, expected }) => `${call.request[0]}: expected ${expected}, got ${status}`),
  );
}

function conclusion(store: Store): string {
  return `
All three answers are as expected. The objects are in ${printable(store.description.location)}; delete it to start over.
Next: mktows demo keeps running and shows how to call it; mktows serve starts a server of your own.
`;
}

function invitation(
  server: RunningServer,
  admin: ServedAdmin | undefined,
  { engine, location }: StoreDescription,
): string {
  const target = { endpoint: server.endpoint, ...demoUser };
  return `
Endpoint  ${server.endpoint}
WSDL      ${server.endpoint}?WSDL
User      ${demoUser.userId}
Secret    ${demoUser.secret}
Store     ${engine} ${location}
Console   ${admin === undefined ? 'off' : printable(consoleAddress({ url: server.url, tokenFile: admin.tokenFile }))}

Call it from a shell:

${curlSnippet(target)}
Call it from PHP:

${phpSnippet(target)}
Press Ctrl-C to stop. Stored objects stay; delete the database to start over.
`;
}
