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

const LOG_LEVEL = '--log-level';

function settingsOf({ shownSettings, logger }: AdminContext) {
  const items = shownSettings.map((setting) => {
    const changeable = setting.option === LOG_LEVEL;
    const isChanged = changeable && setting.value !== logger.level;
    return {
      ...setting,
      changeable,
      ...(isChanged ? { value: logger.level, from: 'admin API' as const } : {}),
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
  body: closed({ logLevel: Type.Optional(Type.Enum([...logLevels] as LogLevel[])) }),
  answer,
  handle: async ({ body: { logLevel } }, context) => {
    if (logLevel !== undefined) {
      context.logger.level = logLevel;
      context.logger.info({ logLevel }, 'the admin API changed the level of the log');
    }
    return settingsOf(context);
  },
});

/** The routes of settings. */
export const settingsRoutes: readonly AdminRoute[] = [show, change];
