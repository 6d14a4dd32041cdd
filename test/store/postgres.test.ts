import { afterAll, describe, it } from 'vitest';
import { lockCases } from './cases-locks.ts';
import { postgresCases } from './cases-postgres.ts';
import { startOwnPostgres } from './postgres-server.ts';

const server = await startOwnPostgres();
if (typeof server === 'string') {
  describe('the PostgreSQL store', () => it.skip(server, () => {}));
} else {
  afterAll(() => server.stop());
  postgresCases(server);
  lockCases(server);
}
