import { text } from 'node:stream/consumers';
import type { Command } from 'commander';
import { makeSecret, type Secrets, weaknessOf } from '../access/secrets.ts';
import { createUsers } from '../access/users.ts';
import { nameProblem } from '../contract/names.ts';
import type { UserTable } from '../store/store.ts';
import { secretsOf, withCreatedStore, withExistingStore } from './database.ts';
import { withoutLineEnd } from './environment.ts';
import { CommandFailure } from './failure.ts';
import { addOptions, assertOneLine, valuesOf } from './option.ts';
import { storeOptions, userAddOptions } from './options.ts';
import { printLine } from './output.ts';

/** Adds `mktows users add|list|remove`. */
export function addUsers(program: Command): void {
  const users = program
    .command('users')
    .description('The users who may call. A running server notices changes within seconds.');

  addOptions(
    users.command('add <user-id>').description('Add a user, or replace its secret with --replace.'),
    userAddOptions,
  ).action(async (userId: string, _options, command: Command) => {
    const { database, keyFile, secret, create, replace } = valuesOf(command, userAddOptions);
    const wanted = secret === '-' ? await readSecret() : secret;
    const problem = nameProblem(userId);
    if (problem !== undefined) throw new CommandFailure(`the user id "${userId}" ${problem}`);
    await withCreatedStore(database, create, (store) =>
      addUser(store.users, secretsOf(database, keyFile), { userId, secret: wanted, replace }),
    );
    // Makes it visible if a container's variable was meant for another user.
    if (command.getOptionValueSource('secret') === 'env') printLine('secret as in MKTOWS_SECRET');
  });

  addOptions(
    users.command('list').description('List the users, without their secrets.'),
    storeOptions,
  ).action(async (_options, command: Command) => {
    const { database } = valuesOf(command, storeOptions);
    const rows = await withExistingStore(database, (store) => store.users.list());
    for (const { userId, createdAt } of rows) printLine(userId, createdAt);
  });

  addOptions(users.command('remove <user-id>').description('Remove a user.'), storeOptions).action(
    async (userId: string, _options, command: Command) => {
      const { database } = valuesOf(command, storeOptions);
      await withExistingStore(database, async (store) => {
        if (await store.users.remove(userId)) return;
        throw new CommandFailure(`there is no user "${userId}" in ${store.description.location}`);
      });
      printLine(`removed ${userId}`);
    },
  );
}

async function readSecret(): Promise<string> {
  const secret = withoutLineEnd(await text(process.stdin));
  if (secret === '') throw new CommandFailure('standard input held no secret');
  assertOneLine(secret, 'the secret on standard input');
  return secret;
}

interface WantedUser {
  readonly userId: string;
  /** Undefined: generate one. */
  readonly secret: string | undefined;
  /** Replace the secret of an existing user. */
  readonly replace: boolean;
}

async function addUser(
  table: UserTable,
  secrets: Secrets,
  { userId, secret: given, replace }: WantedUser,
): Promise<void> {
  await requireKey(table, secrets, userId);
  const secret = given ?? makeSecret();
  const outcome = await storeUser(table, secrets, { userId, secret, replace });
  if (outcome === 'exists') {
    throw new CommandFailure(
      `there is a user "${userId}" already, and its secret stays as it is: give --replace to replace it`,
    );
  }
  printLine(outcome === 'added' ? `added ${userId}` : `replaced the secret of ${userId}`);
  if (given === undefined) process.stdout.write(`secret ${secret}\nIt is not shown again.\n`);
  const weakness = weaknessOf(secret);
  if (weakness) {
    process.stderr.write(`mktows: the secret ${weakness}: serve takes it on a loopback address only\n`);
  }
}

/** Stores a user with an encrypted secret. Leaves an existing user unchanged unless `replace` is set. */
export async function storeUser(
  table: UserTable,
  secrets: Secrets,
  { userId, secret, replace }: { userId: string; secret: string; replace: boolean },
): Promise<'added' | 'replaced' | 'exists'> {
  const encryptedSecret = await secrets.seal(userId, secret);
  const user = { userId, encryptedSecret, createdAt: new Date().toISOString() };
  if (await table.add(user)) return 'added';
  if (!replace) return 'exists';
  await table.put(user);
  return 'replaced';
}

/**
 * Throws unless the key decrypts the secrets of the other users. With two keys in one database, some users could not
 * call.
 */
async function requireKey(table: UserTable, secrets: Secrets, except: string): Promise<void> {
  const known = await createUsers({ table, secrets }).all();
  for (const [userId, user] of known) {
    if (userId !== except && 'unusable' in user) throw new CommandFailure(user.unusable);
  }
}
