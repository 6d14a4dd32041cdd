import { afterAll, describe, it } from 'vitest';
import { openStore } from '../../src/store/open.ts';
import { databasePool } from '../store/postgres-databases.ts';
import { sharedPostgres } from '../store/postgres-server.ts';
import { fixtureDatabase } from './sync-fixture.ts';

const server = await sharedPostgres();
if (typeof server === 'string') {
  describe('the operations over PostgreSQL', () => it.skip(server, () => {}));
} else {
  const databases = databasePool(server);
  afterAll(async () => {
    await databases.dropAll();
    await server.stop();
  });
  fixtureDatabase.histories = 60;
  fixtureDatabase.open = async () => {
    const database = await databases.take();
    const store = await openStore(database.url);
    const close = async () => {
      await store.close();
      await databases.giveBack(database);
    };
    return { ...store, close };
  };
  describe('over PostgreSQL: syncMObjects against a naive model', async () => {
    await import('./sync-model.test.ts');
  });
  describe('over PostgreSQL: names', async () => {
    await import('./names.test.ts');
  });
  describe('over PostgreSQL: dates', async () => {
    await import('./dates.test.ts');
  });
  describe('over PostgreSQL: syncMObjects', async () => {
    await import('./sync-mobjects.test.ts');
  });
  describe('over PostgreSQL: getMObjects', async () => {
    await import('./get-mobjects.test.ts');
  });
  describe('over PostgreSQL: deleteMObjects', async () => {
    await import('./delete-mobjects.test.ts');
  });
  describe('over PostgreSQL: describeMObject', async () => {
    await import('./describe-mobject.test.ts');
  });
  describe('over PostgreSQL: tags and channels', async () => {
    await import('./tags-and-channels.test.ts');
  });
}
