import Type from 'typebox';
import { type LogLevel, logLevels } from '../server/log-level.ts';
import type { AdminContext } from './context.ts';
import { type AdminRoute, adminRoute, closed, orNull } from './route.ts';

const answer = closed({
  items: Type.Array(
    closed({
      option: Type.String(),
      value: orNull(Type.String({ description: 'as on the command line; secrets are not shown' })),
      from: Type.Enum(['default', 'command line', 'environment', 'file', 'code', 'admin API']),
      description: Type.String(),
      changeable: Type.Boolean({ description: 'while the server runs' }),
    }),
  ),
});

/** The values now of the options that can be changed. */
const currentOf = ({ logger, calls }: AdminContext) =>
  new Map<string, string>([
    ['--log-level', logger.level],
    ['--journal-bodies', calls.bodySettings.which],
  ]);

function settingsOf(context: AdminContext) {
  const current = currentOf(context);
  const items = context.shownSettings.map((setting) => {
    const value = current.get(setting.option);
    const isChanged = value !== undefined && setting.value !== value;
    return {
      ...setting,
      changeable: value !== undefined,
      ...(isChanged ? { value, from: 'admin API' as const } : {}),
    };
  });
  return { items };
}

const show = adminRoute({
  method: 'GET',
  path: '/settings',
  summary: 'Lists the options of the server, with their values and where they came from',
  tag: 'settings',
  answer,
  handle: async (_request, context) => settingsOf(context),
});

const change = adminRoute({
  method: 'PATCH',
  path: '/settings',
  summary: 'Changes settings until the server ends',
  tag: 'settings',
  body: closed({
    logLevel: Type.Optional(Type.Enum([...logLevels] as LogLevel[])),
    journalBodies: Type.Optional(
      Type.Enum(['off', 'failed', 'all'], { description: 'the calls whose requests and answers are kept' }),
    ),
  }),
  answer,
  handle: async ({ body: { logLevel, journalBodies } }, context) => {
    if (logLevel !== undefined) {
      context.logger.level = logLevel;
      context.logger.info({ logLevel }, 'the admin API changed the level of the log');
    }
    if (journalBodies !== undefined) {
      context.calls.bodySettings.which = journalBodies;
      context.logger.info({ journalBodies }, 'the admin API changed which requests and answers are kept');
    }
    return settingsOf(context);
  },
});

/** The routes of settings. */
export const settingsRoutes: readonly AdminRoute[] = [show, change];
