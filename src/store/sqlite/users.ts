import type { Database } from 'better-sqlite3';
import type { UserRow, UserTable } from '../store.ts';
import type { Guard } from './transaction.ts';

/** The table `api_user`. */
export interface UserTableRow {
  user_id: string;
  encrypted_secret: Buffer;
  created_at: string;
}

/** The table `api_user`. `find` need not wait for the disk: the call that asks for it does. */
export function userTable(db: Database, guard: Guard): UserTable {
  const list = db.prepare<[], UserTableRow>('SELECT * FROM api_user ORDER BY user_id');
  const find = db.prepare<[string], UserTableRow>('SELECT * FROM api_user WHERE user_id = ?');
  const put = db.prepare<[string, Uint8Array, string]>(
    'INSERT OR REPLACE INTO api_user (user_id, encrypted_secret, created_at) VALUES (?, ?, ?)',
  );
  const remove = db.prepare<[string]>('DELETE FROM api_user WHERE user_id = ?');

  return {
    async list() {
      const users = guard.read(() => list.all().map(toUser));
      await guard.durable();
      return users;
    },
    async find(userId) {
      const row = guard.read(() => find.get(userId));
      return row && toUser(row);
    },
    async put({ userId, encryptedSecret, createdAt }) {
      guard.write(() => put.run(userId, encryptedSecret, createdAt));
      await guard.durable();
    },
    async remove(userId) {
      const { changes } = guard.write(() => remove.run(userId));
      await guard.durable();
      return changes > 0;
    },
  };
}

/** A row of the table as a user. */
export const toUser = (row: UserTableRow): UserRow => ({
  userId: row.user_id,
  encryptedSecret: new Uint8Array(row.encrypted_secret),
  createdAt: row.created_at,
});
