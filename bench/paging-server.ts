import { createAuthenticator } from '../src/access/authenticate.ts';
import { createLimits, noLimits } from '../src/access/limits.ts';
import { createSecrets } from '../src/access/secrets.ts';
import { createUsers } from '../src/access/users.ts';
import { createClient } from '../src/client/index.ts';
import { defaultSettings } from '../src/rules/settings.ts';
import { createLogger } from '../src/server/log.ts';
import { startServer } from '../src/server/server.ts';
import { disablePretenuring } from '../src/server/v8-flags.ts';
import type { Store } from '../src/store/store.ts';
import { defaultCaps } from '../src/wire/caps.ts';

export const user = { userId: 'bench_1_A', secret: 'a secret of the bench' };

/** Starts a server on a store, and a client of it. */
export async function servePages(store: Store) {
  const users = createUsers({
    table: store.users,
    secrets: createSecrets({ key: '00'.repeat(32), keyFile: '' }),
    given: [user],
  });
  disablePretenuring();
  const server = await startServer({
    host: '127.0.0.1',
    port: 0,
    store,
    settings: defaultSettings,
    authenticate: createAuthenticator({ users }),
    limits: createLimits(noLimits),
    caps: defaultCaps,
    logger: createLogger('silent'),
  });
  return { server, client: createClient({ retries: 0, endpoint: server.endpoint, ...user }) };
}

export const median = (times: readonly number[]) => times.toSorted((a, b) => a - b)[times.length >> 1] ?? 0;
export const megabytes = (bytes: number) => Math.round(bytes / 1024 / 1024);
