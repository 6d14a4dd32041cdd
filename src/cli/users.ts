import { text } from 'node:stream/consumers';
import type { Command } from 'commander';
import { makeSecret, type Secrets, weaknessOf } from '../access/secrets.ts';
import { createUsers } from '../access/users.ts';
import type { Store } from '../store/store.ts';
import { secretsOf, withMadeStore, withStore } from './database.ts';
import { CommandFailure } from './failure.ts';
import { addOptions, valuesOf } from './option.ts';
import { storeOptions, userAddOptions } from './options.ts';

/** Adds `mktows users add|list|remove`. */
export function addUsers(program: Command): void {
  const users = program
    .command('users')
    .description('Who may call. A running server takes changes within seconds.');

  addOptions(
    users.command('add <user-id>').description('Add a user, or give one another secret.'),
    userAddOptions,
  ).action(async (userId: string, _options, command: Command) => {
    const { database, keyFile, secret } = valuesOf(command, userAddOptions);
    const wanted = secret === '-' ? (await text(process.stdin)).replace(/\r?\n$/, '') : secret;
    if (wanted === '') throw new CommandFailure('standard input held no secret');
    if (!/^\S(.{0,253}\S)?$/.test(userId)) {
      throw new CommandFailure('a user id has 1 to 255 characters in one line, and no white space around it');
    }
    await withStore(database, (store) => addUser(store, secretsOf(database, keyFile), userId, wanted));
    // A container can have the variable for another user.
    if (command.getOptionValueSource('secret') === 'env')
      process.stdout.write('secret as in MKTOWS_SECRET\n');
  });

  addOptions(
    users.command('list').description('List the users, without their secrets.'),
    storeOptions,
  ).action(async (_options, command: Command) => {
    const { database } = valuesOf(command, storeOptions);
    const rows = await withMadeStore(database, (store) => store.users.list());
    for (const { userId, createdAt } of rows) process.stdout.write(`${userId}\t${createdAt}\n`);
  });

  addOptions(users.command('remove <user-id>').description('Remove a user.'), storeOptions).action(
    async (userId: string, _options, command: Command) => {
      const { database } = valuesOf(command, storeOptions);
      const removed = await withMadeStore(database, (store) => store.users.remove(userId));
      if (!removed) throw new CommandFailure(`there is no user "${userId}" in ${database}`);
      process.stdout.write(`removed ${userId}\n`);
    },
  );
}

async function addUser(
  store: Store,
  secrets: Secrets,
  userId: string,
  given: string | undefined,
): Promise<void> {
  await requireKey(store, secrets, userId);
  const secret = given ?? makeSecret();
  await storeUser(store, secrets, userId, secret);
  process.stdout.write(`added ${userId}\n`);
  if (given === undefined) process.stdout.write(`secret ${secret}\nIt is not shown again.\n`);
  const weakness = weaknessOf(secret);
  if (weakness) {
    process.stderr.write(`mktows: the secret ${weakness}: serve takes it on a loopback address only\n`);
  }
}

/** Stores a user under an encrypted secret. */
export async function storeUser(
  store: Store,
  secrets: Secrets,
  userId: string,
  secret: string,
): Promise<void> {
  const encryptedSecret = await secrets.seal(userId, secret);
  await store.users.put({ userId, encryptedSecret, createdAt: new Date().toISOString() });
}

/** Fails if the key does not open what other users have: two keys in one database would lock some of them out. */
async function requireKey(store: Store, secrets: Secrets, except: string): Promise<void> {
  const known = await createUsers({ table: store.users, secrets }).all();
  for (const [userId, user] of known) {
    if (userId !== except && 'unusable' in user) throw new CommandFailure(user.unusable);
  }
}
