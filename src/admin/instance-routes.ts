import Type from 'typebox';
import { exportInstance } from '../instance/export.ts';
import { Problem } from '../server/json-routes.ts';
import { applyPart, shownReport, written } from './instance-parts.ts';
import { assertFewItems, assertFewStored } from './instance-size.ts';
import { type AdminRoute, adminRoute, closed } from './route.ts';

/** The largest instance in a request, in bytes. */
const LARGEST = 4 * 1024 * 1024;

const body = closed({
  instance: written('the contents of an instance file; see instance.schema.json'),
  mode: Type.Optional(
    Type.Enum(['make', 'add'], {
      description: 'make (default): what is there becomes as in the file; add: only what is missing is added',
    }),
  ),
  exact: Type.Optional(
    Type.Boolean({ description: 'also removes what the file does not name; needs --allow-reset' }),
  ),
});

const get = adminRoute({
  method: 'GET',
  path: '/instance',
  summary: 'Returns definitions and objects as an instance file',
  tag: 'instance',
  answer: written('an instance file'),
  handle: async (_request, context) => {
    await assertFewStored(context, 'mktows instance export');
    return (await exportInstance(context.store)) as Record<string, unknown>;
  },
});

const check = adminRoute({
  method: 'POST',
  path: '/instance/check',
  summary: 'Says what applying an instance file would do, or what is wrong with it',
  tag: 'instance',
  body,
  maxBytes: LARGEST,
  answer: shownReport,
  handle: async ({ body: { instance, mode = 'make', exact = false } }, context) => {
    const use = exact ? 'mktows instance apply --exact' : 'mktows instance check';
    assertFewItems(instance, use);
    if (exact) await assertFewStored(context, use);
    return applyPart(context, instance, { mode, exact, dryRun: true });
  },
});

const apply = adminRoute({
  method: 'POST',
  path: '/instance/apply',
  summary: 'Applies an instance file in one transaction',
  tag: 'instance',
  body,
  maxBytes: LARGEST,
  answer: shownReport,
  handle: async ({ body: { instance, mode = 'make', exact = false } }, context) => {
    if (exact && !context.allowReset) {
      throw new Problem(
        403,
        'With exact, what the file does not name is removed: this server allows it only if it is started with --allow-reset',
      );
    }
    const use = `mktows instance apply${exact ? ' --exact' : ''}`;
    assertFewItems(instance, use);
    if (exact) await assertFewStored(context, use);
    const report = await applyPart(context, instance, { mode, exact });
    context.logger.info({ report }, 'the admin API applied an instance file');
    return report;
  },
});

/** The routes of the instance file. */
export const instanceRoutes: readonly AdminRoute[] = [get, check, apply];
