import Type from 'typebox';
import { type FaultCode, faultCodes } from '../contract/faults.ts';
import { type OperationName, operationNames } from '../contract/operations.ts';
import type { Chaos } from '../server/chaos.ts';
import { Problem } from '../server/json-routes.ts';
import { type AdminRoute, adminRoute, closed, orNull } from './route.ts';

/** The longest delay: clients have given up by then. In milliseconds. */
const LONGEST_DELAY = 600_000;

const when = Type.Enum(['before', 'after']);
const rule = {
  operation: Type.Enum(['any', ...operationNames] as ('any' | OperationName)[]),
  probability: Type.Optional(
    Type.Number({ minimum: 0, maximum: 1, description: 'the share of calls that it meets; default 1' }),
  ),
  delayMs: Type.Optional(orNull(Type.Integer({ minimum: 0, maximum: LONGEST_DELAY }))),
  cut: Type.Optional(
    orNull(
      Type.Enum(['before', 'after'], {
        description: 'the connection ends, before or after the call is applied',
      }),
    ),
  ),
  fault: Type.Optional(orNull(Type.Enum([...faultCodes], { description: 'the call is answered with it' }))),
  message: Type.Optional(orNull(Type.String({ maxLength: 1000, description: 'text of the fault' }))),
  faultWhen: Type.Optional(
    Type.Enum(['before', 'after'], {
      description: 'whether the call is applied before the fault; default before',
    }),
  ),
  times: Type.Optional(
    orNull(Type.Integer({ minimum: 1, description: 'it holds for so many calls; null: for all' })),
  ),
};

const answer = closed({
  enabled: Type.Boolean({ description: 'the server was started with --chaos' }),
  seed: Type.Integer(),
  rules: Type.Array(
    closed({
      operation: Type.String(),
      probability: Type.Number(),
      delayMs: orNull(Type.Integer()),
      cut: orNull(when),
      fault: orNull(Type.Integer()),
      message: orNull(Type.String()),
      faultWhen: when,
      times: orNull(Type.Integer()),
      used: Type.Integer({ description: 'calls that it has met' }),
    }),
  ),
});

const stateOf = (chaos: Chaos | null) => ({
  enabled: chaos !== null,
  seed: chaos?.seed ?? 1,
  rules: chaos?.rules ?? [],
});

const show = adminRoute({
  method: 'GET',
  path: '/chaos',
  summary: 'Lists the rules that make calls fail',
  tag: 'tests',
  answer,
  handle: async (_request, { chaos }) => stateOf(chaos),
});

const replace = adminRoute({
  method: 'PUT',
  path: '/chaos',
  summary: 'Replaces the rules that make calls fail; the first one that meets a call holds',
  tag: 'tests',
  body: closed({
    rules: Type.Array(closed(rule), { maxItems: 100 }),
    seed: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 0x7fffffff,
        description: 'the same calls meet the same rules with the same seed; default 1',
      }),
    ),
  }),
  answer,
  handle: async ({ body: { rules, seed = 1 } }, { chaos, logger }) => {
    if (chaos === null) {
      throw new Problem(409, 'This server makes no calls fail; start it with --chaos, for tests only');
    }
    for (const [index, { delayMs, cut, fault }] of rules.entries()) {
      if (delayMs == null && cut == null && fault == null) {
        throw new Problem(400, `rules[${index}] in the body: expected a delayMs, a cut or a fault`);
      }
    }
    chaos.set(
      rules.map((each) => ({
        operation: each.operation,
        probability: each.probability ?? 1,
        delayMs: each.delayMs ?? null,
        cut: each.cut ?? null,
        fault: (each.fault ?? null) as FaultCode | null,
        message: each.message ?? null,
        faultWhen: each.faultWhen ?? 'before',
        times: each.times ?? null,
      })),
      seed,
    );
    logger.warn({ rules: rules.length }, 'the admin API set rules that make calls fail');
    return stateOf(chaos);
  },
});

/** The routes of rules that make calls fail. */
export const chaosRoutes: readonly AdminRoute[] = [show, replace];
