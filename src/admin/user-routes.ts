import Type from 'typebox';
import { KeyError } from '../access/key.ts';
import type { KeptSecret, Secrets } from '../access/secrets.ts';
import { makeSecret, makeUserId } from '../access/secrets.ts';
import { rotateSecret, storeUser } from '../access/user-changes.ts';
import { nameProblem } from '../contract/names.ts';
import { quote } from '../rules/refusal.ts';
import { Problem } from '../server/json-routes.ts';
import type { UserRow } from '../store/store.ts';
import type { AdminContext } from './context.ts';
import { type AdminRoute, adminRoute, closed, orNull } from './route.ts';

const userIdParam = closed({ userId: Type.String() });
const madeSecret = Type.String({ description: 'shown once' });
const DAY = 86_400;

const list = adminRoute({
  method: 'GET',
  path: '/users',
  summary: 'Lists the users who may call, without their secrets',
  tag: 'users',
  answer: closed({
    items: Type.Array(
      closed({
        userId: Type.String(),
        createdAt: orNull(Type.String()),
        given: Type.Boolean({ description: 'by an option of the server, which alone can change it' }),
        problem: orNull(Type.String({ description: 'why the user cannot call' })),
        secrets: Type.Array(
          closed({
            createdAt: orNull(Type.String()),
            until: orNull(
              Type.String({ description: 'when it ceases to hold; null: it is the current one' }),
            ),
          }),
        ),
      }),
    ),
  }),
  handle: async (_request, { store, users, secrets }) => {
    const given = users.given.map((userId) => ({
      userId,
      createdAt: null,
      given: true,
      problem: null,
      secrets: [{ createdAt: null, until: null }],
    }));
    const rows = (await store.users.list()).filter(({ userId }) => !users.given.includes(userId));
    return { items: [...given, ...(await Promise.all(rows.map((row) => shown(row, secrets))))] };
  },
});

/** Shows a user with the secrets that hold by the real time, as signatures are checked by it. */
async function shown(row: UserRow, secrets: Secrets) {
  const { userId, createdAt } = row;
  const user = { userId, createdAt, given: false };
  try {
    const kept = await secrets.openAll(userId, row.encryptedSecret);
    const holding = kept.filter(({ until }) => until === null || until > new Date().toISOString());
    return { ...user, problem: null, secrets: holding.map((secret) => timesOf(secret, createdAt)) };
  } catch (error) {
    if (error instanceof KeyError) return { ...user, problem: error.message, secrets: [] };
    throw error;
  }
}

const timesOf = ({ createdAt, until }: KeptSecret, userCreatedAt: string) => ({
  createdAt: createdAt ?? userCreatedAt,
  until,
});

const add = adminRoute({
  method: 'POST',
  path: '/users',
  summary: 'Adds a user, and returns the secret made for it',
  tag: 'users',
  body: closed({ userId: Type.Optional(Type.String({ description: 'default: one is made' })) }),
  answer: closed({ userId: Type.String(), secret: madeSecret }),
  handle: async ({ body: { userId = makeUserId() } }, context) => {
    const { store, users, secrets, logger } = context;
    const problem = nameProblem(userId);
    if (problem !== undefined) throw new Problem(400, `userId in the body: ${quote(userId)} ${problem}`);
    assertNotGiven(context, userId);
    const secret = makeSecret();
    if ((await storeUser(store.users, secrets, { userId, secret, replace: false })) === 'exists') {
      throw new Problem(
        409,
        `There is a user ${quote(userId)} already; rotate its secret, or remove it first`,
      );
    }
    users.forget();
    logger.info({ userId }, 'the admin API added a user');
    return { userId, secret };
  },
});

const rotate = adminRoute({
  method: 'POST',
  path: '/users/{userId}/rotate',
  summary: 'Gives a user a new secret; those so far hold as well for a time',
  tag: 'users',
  params: userIdParam,
  body: closed({
    overlapSeconds: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 365 * DAY,
        description: 'default: 86400, a day; 0: they end at once',
      }),
    ),
  }),
  answer: closed({
    userId: Type.String(),
    secret: madeSecret,
    until: Type.String({ description: 'when the secrets so far cease to hold' }),
  }),
  handle: async ({ params: { userId }, body: { overlapSeconds = DAY } }, context) => {
    const { store, users, secrets, logger } = context;
    assertNotGiven(context, userId);
    // Signatures are checked by the real time, as clients sign by it.
    const rotation = { userId, overlap: overlapSeconds * 1000, now: new Date() };
    const secret = await rotateSecret(store.users, secrets, rotation).catch((error: unknown) => {
      throw error instanceof KeyError ? new Problem(409, error.message) : error;
    });
    if (secret === undefined) throw noUser(userId);
    users.forget();
    logger.info({ userId, overlapSeconds }, 'the admin API rotated the secret of a user');
    return { userId, secret, until: new Date(rotation.now.getTime() + rotation.overlap).toISOString() };
  },
});

const remove = adminRoute({
  method: 'DELETE',
  path: '/users/{userId}',
  summary: 'Removes a user, whose calls are refused from then on',
  tag: 'users',
  params: userIdParam,
  answer: null,
  handle: async ({ params: { userId } }, context) => {
    const { store, users, logger } = context;
    assertNotGiven(context, userId);
    if (!(await store.users.remove(userId))) throw noUser(userId);
    users.forget();
    logger.info({ userId }, 'the admin API removed a user');
  },
});

const noUser = (userId: string) => new Problem(404, `There is no user ${quote(userId)}`);

function assertNotGiven({ users }: AdminContext, userId: string): void {
  if (!users.given.includes(userId)) return;
  throw new Problem(
    409,
    `The user ${quote(userId)} is given by an option of the server (--user, MKTOWS_USER), which alone can change it`,
  );
}

/** The routes of users. */
export const userRoutes: readonly AdminRoute[] = [list, add, rotate, remove];
