import type { UserRow, UserTable } from '../store.ts';
import { bytes, isoTime, type Row, text, unpackText } from './sql.ts';
import type { Guard } from './transaction.ts';

/** Selects users in the form that `toUser` reads. */
export const selectUsers = `SELECT user_id, encode(encrypted_secret, 'hex'), ${isoTime('created_at')} FROM api_user`;

/** Returns the statement that inserts a user. */
export const insertUser = ({ userId, encryptedSecret, createdAt }: UserRow): string =>
  'INSERT INTO api_user (user_id, encrypted_secret, created_at) ' +
  `VALUES (${text(userId)}, ${bytes(encryptedSecret)}, ${text(createdAt)})`;

/** Accesses the table `api_user`. */
export function userTable(guard: Guard): UserTable {
  return {
    async list() {
      const [rows = []] = await guard.read(`${selectUsers} ORDER BY user_id`);
      return rows.map(toUser);
    },
    async find(userId) {
      const [rows = []] = await guard.read(`${selectUsers} WHERE user_id = ${text(userId)}`);
      return rows[0] && toUser(rows[0]);
    },
    add: (user) =>
      guard.write(async (transaction) => {
        const [rows = []] = await transaction.commit(
          `${insertUser(user)} ON CONFLICT (user_id) DO NOTHING RETURNING 1`,
        );
        return rows.length > 0;
      }),
    async put(user) {
      await guard.write((transaction) =>
        transaction.commit(
          `${insertUser(user)} ON CONFLICT (user_id) DO UPDATE ` +
            'SET encrypted_secret = excluded.encrypted_secret, created_at = excluded.created_at',
        ),
      );
    },
    replace: ({ userId, encryptedSecret }, before) =>
      guard.write(async (transaction) => {
        const [rows = []] = await transaction.commit(
          `UPDATE api_user SET encrypted_secret = ${bytes(encryptedSecret)} ` +
            `WHERE user_id = ${text(userId)} AND encrypted_secret = ${bytes(before)} RETURNING 1`,
        );
        return rows.length > 0;
      }),
    remove: (userId) =>
      guard.write(async (transaction) => {
        const [rows = []] = await transaction.commit(
          `DELETE FROM api_user WHERE user_id = ${text(userId)} RETURNING 1`,
        );
        return rows.length > 0;
      }),
  };
}

/** Converts a row of `selectUsers` to a user. */
export const toUser = ([userId, secret, createdAt]: Row): UserRow => ({
  userId: unpackText(userId ?? ''),
  encryptedSecret: new Uint8Array(Buffer.from(secret ?? '', 'hex')),
  createdAt: createdAt ?? '',
});
