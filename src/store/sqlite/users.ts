import type { Database } from 'better-sqlite3';
import type { UserRow, UserTable } from '../store.ts';
import type { Guard } from './transaction.ts';

interface UserTableRow {
  user_id: string;
  encrypted_secret: Buffer;
  created_at: string;
}

/** The table `api_user`. */
export function userTable(db: Database, guard: Guard): UserTable {
  const list = db.prepare<[], UserTableRow>('SELECT * FROM api_user ORDER BY user_id');
  const find = db.prepare<[string], UserTableRow>('SELECT * FROM api_user WHERE user_id = ?');
  const put = db.prepare<[string, Uint8Array, string]>(
    'INSERT OR REPLACE INTO api_user (user_id, encrypted_secret, created_at) VALUES (?, ?, ?)',
  );
  const remove = db.prepare<[string]>('DELETE FROM api_user WHERE user_id = ?');

  return {
    list: async () => guard.read(() => list.all().map(toUser)),
    find: async (userId) =>
      guard.read(() => {
        const row = find.get(userId);
        return row && toUser(row);
      }),
    put: async ({ userId, encryptedSecret, createdAt }) => {
      guard.write(() => put.run(userId, encryptedSecret, createdAt));
    },
    remove: async (userId) => guard.write(() => remove.run(userId).changes > 0),
  };
}

const toUser = (row: UserTableRow): UserRow => ({
  userId: row.user_id,
  encryptedSecret: new Uint8Array(row.encrypted_secret),
  createdAt: row.created_at,
});
