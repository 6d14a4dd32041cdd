import { createAuthenticator } from '../../src/gate/authenticate.ts';
import { createLimits, noLimits } from '../../src/gate/limits.ts';
import { createSecrets } from '../../src/gate/secrets.ts';
import { createUsers } from '../../src/gate/users.ts';
import { applyInstance } from '../../src/instance/apply.ts';
import { checkInstance } from '../../src/instance/check.ts';
import { defaultSettings } from '../../src/mobjects/settings.ts';
import { createLogger } from '../../src/server/log.ts';
import { type RunningServer, startServer } from '../../src/server/server.ts';
import { openStore } from '../../src/store/open.ts';
import type { Store } from '../../src/store/store.ts';
import { defaultCaps } from '../../src/wire/caps.ts';

/** The user that the recorded requests name. */
export const USER_ID = 'demo17_1_809934544BFABAE58E5D27';
export const SECRET = 'a secret of the tests';

/** What the sample calls of Marketo's page need to be there. */
export const seededInstance = {
  fields: { Opportunity: [{ name: 'FSOpportunityID', dataType: 'string' }] },
  tags: { Region: ['North', 'South'] },
  channels: { Webinar: [{ status: 'Registered', step: 20, success: false }] },
  programs: [
    {
      id: 1970,
      name: 'Summer event',
      type: 'Marketing Event',
      channel: 'Webinar',
      tags: { Region: 'North' },
      costs: [{ id: 153, month: '2013-06', amount: 1500 }],
    },
  ],
  companies: [{ id: 1, name: 'ACME', externalKeys: { cAccountFSID: 'C123' } }],
  leads: [{ id: 19, email: 'lead@example.com', companyId: 1, attributes: { FSPID: '12346' } }],
  opportunities: [{ id: 64, attributes: { Name: 'Earlier' } }],
};

export interface SeededServer {
  readonly server: RunningServer;
  readonly store: Store;
  readonly endpoint: string;
}

/** A server on a port of its own, on a store in memory that holds `instance`. */
export async function startSeededServer(instance: object = seededInstance): Promise<SeededServer> {
  const store = await openStore('sqlite::memory:');
  const checked = checkInstance(JSON.stringify(instance));
  if (!('instance' in checked)) throw new Error(JSON.stringify(checked.mistakes));
  await applyInstance(store, checked.instance, { mode: 'make', now: new Date(), timeZone: 'UTC' });
  const secrets = createSecrets({ key: '00'.repeat(32), keyFile: '' });
  const users = createUsers({ table: store.users, secrets, given: [{ userId: USER_ID, secret: SECRET }] });
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
  return { server, store, endpoint: server.endpoint };
}
