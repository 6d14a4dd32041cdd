import type { DatabaseSync } from 'node:sqlite';
import type { UserRow, UserTable } from '../store.ts';
import { command, objectQuery } from './statements.ts';
import type { Guard } from './transaction.ts';

/** A row of the table `api_user`. */
export interface UserTableRow {
  user_id: string;
  encrypted_secret: Uint8Array;
  created_at: string;
}

/** Accesses the table `api_user`. `find` does not wait for durability; the call that uses it does. */
export function userTable(db: DatabaseSync, guard: Guard): UserTable {
  const list = objectQuery<[], UserTableRow>(db, 'SELECT * FROM api_user ORDER BY user_id');
  const find = objectQuery<[string], UserTableRow>(db, 'SELECT * FROM api_user WHERE user_id = ?');
  const add = command<[string, Uint8Array, string]>(
    db,
    'INSERT OR IGNORE INTO api_user (user_id, encrypted_secret, created_at) VALUES (?, ?, ?)',
  );
  const put = command<[string, Uint8Array, string]>(
    db,
    'INSERT OR REPLACE INTO api_user (user_id, encrypted_secret, created_at) VALUES (?, ?, ?)',
  );
  const replace = command<[Uint8Array, string, Uint8Array]>(
    db,
    'UPDATE api_user SET encrypted_secret = ? WHERE user_id = ? AND encrypted_secret = ?',
  );
  const remove = command<[string]>(db, 'DELETE FROM api_user WHERE user_id = ?');

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
    async add({ userId, encryptedSecret, createdAt }) {
      const { changes } = await guard.write(() => add.run(userId, encryptedSecret, createdAt));
      return changes > 0;
    },
    async put({ userId, encryptedSecret, createdAt }) {
      await guard.write(() => put.run(userId, encryptedSecret, createdAt));
    },
    async replace({ userId, encryptedSecret }, before) {
      const { changes } = await guard.write(() => replace.run(encryptedSecret, userId, before));
      return changes > 0;
    },
    async remove(userId) {
      const { changes } = await guard.write(() => remove.run(userId));
      return changes > 0;
    },
  };
}

/** Converts a table row to a user. */
export const toUser = (row: UserTableRow): UserRow => ({
  userId: row.user_id,
  encryptedSecret: row.encrypted_secret,
  createdAt: row.created_at,
});
