import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { user } from '../work.ts';
import { announce, databaseFile } from './process.ts';
import { withoutStore } from './without-store.ts';

// The revision to measure: what is compiled in this folder, with the same entry for all of them.
const root = process.env.MKTOWS_BENCH_SOURCES ?? join(import.meta.dirname, '../../src');
const load = (path: string) => import(pathToFileURL(join(root, path)).href);

// Older revisions are measured, too: those before the folders were renamed, and those without V8 flags of their own.
const isRenamed = existsSync(join(root, 'access'));
const [access, rules] = isRenamed ? ['access', 'rules'] : ['gate', 'mobjects'];

const { startServer }: typeof import('../../src/server/server.ts') = await load('server/server.js');
const { createLogger }: typeof import('../../src/server/log.ts') = await load('server/log.js');
const { openStore }: typeof import('../../src/store/open.ts') = await load('store/open.js');
const { createAuthenticator }: typeof import('../../src/access/authenticate.ts') = await load(
  `${access}/authenticate.js`,
);
const { createLimits, noLimits }: typeof import('../../src/access/limits.ts') = await load(
  `${access}/limits.js`,
);
const { createSecrets }: typeof import('../../src/access/secrets.ts') = await load(`${access}/secrets.js`);
const { createUsers }: typeof import('../../src/access/users.ts') = await load(`${access}/users.js`);
const { defaultSettings }: typeof import('../../src/rules/settings.ts') = await load(`${rules}/settings.js`);
const { defaultCaps }: typeof import('../../src/wire/caps.ts') = await load('wire/caps.js');

const file = databaseFile();
const url = file?.startsWith('postgres:') ? file : `sqlite:${file}`;
const store = file === undefined ? await withoutStore() : await openStore(url);
const secrets = createSecrets({ key: undefined, keyFile: `${file}.key` });
const users = createUsers({ table: store.users, secrets, given: [user] });
if (existsSync(join(root, 'server/v8-flags.js'))) {
  const flags: typeof import('../../src/server/v8-flags.ts') = await load('server/v8-flags.js');
  flags.disablePretenuring();
}
const { endpoint } = await startServer({
  host: '127.0.0.1',
  port: 0,
  store,
  settings: defaultSettings,
  authenticate: createAuthenticator({ users }),
  ...(process.env.MKTOWS_BENCH_JOURNAL === 'off'
    ? { journal: { values: false, bodies: { which: 'off', maxBytes: 0 } } }
    : {}),
  [isRenamed ? 'callWorker' : 'secondThread']: { users },
  limits: createLimits(noLimits),
  caps: defaultCaps,
  logger: createLogger('info'),
});
announce(endpoint);
