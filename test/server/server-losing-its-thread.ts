import { createSecrets } from '../../src/access/secrets.ts';
import { createUsers } from '../../src/access/users.ts';
import { clientOf, startTestServer, user } from './test-server.ts';

/** A server under load, whose second thread is ended as soon as it has started. */
process.on('worker', (worker) => worker.once('message', () => worker.terminate()));

const server = await startTestServer({
  usersForSecond: (store) =>
    createUsers({
      table: store.users,
      secrets: createSecrets({ key: 'ab'.repeat(32), keyFile: '' }),
      given: [user],
    }),
});
const client = clientOf(server);
const attrib = [{ name: 'Description', value: 'x'.repeat(20_000) }];
const params = {
  operation: 'INSERT' as const,
  mObjectList: { mObject: [{ type: 'Opportunity', attribList: { attrib } }] },
};
for (;;) await Promise.all(Array.from({ length: 10 }, () => client.call('syncMObjects', params)));
