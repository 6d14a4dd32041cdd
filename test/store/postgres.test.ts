import { afterAll, describe, it } from 'vitest';
import { openStore } from '../../src/store/open.ts';
import { postgresCases } from './cases-postgres.ts';
import { type OpenedStore, storeSuite } from './conformance.ts';
import { databasePool } from './postgres-databases.ts';
import { startOwnPostgres } from './postgres-server.ts';

const server = await startOwnPostgres();
if (typeof server === 'string') {
  describe('the PostgreSQL store', () => it.skip(server, () => {}));
} else {
  const databases = databasePool(server);
  afterAll(async () => {
    await databases.dropAll();
    await server.stop();
  });
  storeSuite('PostgreSQL', {
    async open(): Promise<OpenedStore> {
      const database = await databases.take();
      let store = await openStore(database.url);
      return {
        store,
        async reopen() {
          await store.close();
          store = await openStore(database.url);
          return store;
        },
        another: () => openStore(database.url),
        async cleanup() {
          await store.close();
          await databases.giveBack(database);
        },
      };
    },
  });
  postgresCases(server);
}
