import Type from 'typebox';
import { Problem } from '../server/json-routes.ts';
import type { AdminContext } from './context.ts';
import { type AdminRoute, adminRoute, closed } from './route.ts';
import { EXPECTED_TIME, readTime } from './times.ts';

/** The farthest move of the clock at once: a hundred years, in milliseconds. */
const FARTHEST = 100 * 365 * 86_400_000;

const answer = closed({
  enabled: Type.Boolean({ description: 'the server was started with --test-clock' }),
  now: Type.String({ description: 'the time that objects and journal get' }),
});

const stateOf = ({ clock, now }: AdminContext) => ({ enabled: clock !== null, now: now().toISOString() });

const show = adminRoute({
  method: 'GET',
  path: '/clock',
  summary: 'Returns the time of the server',
  tag: 'tests',
  answer,
  handle: async (_request, context) => stateOf(context),
});

const change = adminRoute({
  method: 'PUT',
  path: '/clock',
  summary: 'Sets the clock, moves it, or with an empty body sets it right',
  tag: 'tests',
  body: closed({
    time: Type.Optional(Type.String({ description: 'ISO 8601; the clock runs on from there' })),
    advanceMs: Type.Optional(Type.Integer({ minimum: -FARTHEST, maximum: FARTHEST })),
  }),
  answer,
  handle: async ({ body: { time, advanceMs } }, context) => {
    const { clock, logger } = context;
    if (clock === null) {
      throw new Problem(
        409,
        'This server has the time of its machine; start it with --test-clock, for tests only',
      );
    }
    const at = time === undefined ? undefined : readTime(time);
    if (time !== undefined && at === undefined) throw new Problem(400, `time in the body: ${EXPECTED_TIME}`);
    const next = new Date((at ?? clock.now()).getTime() + (advanceMs ?? 0));
    if (readTime(next.toISOString()) === undefined) {
      throw new Problem(400, 'advanceMs in the body: the clock would leave the years 0 to 9999');
    }
    if (at !== undefined) clock.set(at);
    if (advanceMs !== undefined) clock.advance(advanceMs);
    if (at === undefined && advanceMs === undefined) clock.reset();
    logger.warn({ now: clock.now().toISOString() }, 'the admin API set the clock');
    return stateOf(context);
  },
});

/** The routes of the clock of tests. */
export const clockRoutes: readonly AdminRoute[] = [show, change];
