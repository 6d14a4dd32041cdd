import { text } from 'node:stream/consumers';
import type { Command } from 'commander';
import { makeSecret, type Secrets, weaknessOf } from '../access/secrets.ts';
import { rotateSecret, storeUser } from '../access/user-changes.ts';
import { createUsers } from '../access/users.ts';
import { nameProblem } from '../contract/names.ts';
import type { UserTable } from '../store/store.ts';
import { secretsOf, withCreatedStore, withExistingStore } from './database.ts';
import { withoutLineEnd } from './environment.ts';
import { CommandFailure } from './failure.ts';
import { addOptions, assertOneLine, valuesOf } from './option.ts';
import { storeOptions, userAddOptions, userRotateOptions } from './options.ts';
import { printLine } from './output.ts';

/** Adds `mktows users add|rotate|list|remove`. */
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
    users
      .command('rotate <user-id>')
      .description('Give a user a new secret; the one so far holds as well for a time.'),
    userRotateOptions,
  ).action(async (userId: string, _options, command: Command) => {
    const { database, keyFile, overlap, secret } = valuesOf(command, userRotateOptions);
    const wanted = secret === '-' ? await readSecret() : secret;
    const rotation = { userId, secret: wanted, overlap, now: new Date() };
    const rotated = await withExistingStore(database, (store) =>
      rotateSecret(store.users, secretsOf(database, keyFile), rotation),
    );
    if (rotated === undefined) {
      throw new CommandFailure(
        `there is no user "${userId}" in this database; mktows users list shows those that are; a user of --user or MKTOWS_USER is changed there`,
      );
    }
    const until = new Date(rotation.now.getTime() + overlap).toISOString();
    printLine(
      `rotated ${userId}`,
      overlap === 0 ? 'the former secret has ended' : `the former secret holds until ${until}`,
    );
    if (wanted === undefined) process.stdout.write(`secret ${rotated}\nIt is not shown again.\n`);
    warnOfWeakness(rotated);
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
  warnOfWeakness(secret);
}

function warnOfWeakness(secret: string): void {
  const weakness = weaknessOf(secret);
  if (weakness === undefined) return;
  process.stderr.write(`mktows: the secret ${weakness}: serve takes it on a loopback address only\n`);
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
