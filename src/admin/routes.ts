import { callRoutes } from './call-routes.ts';
import { chaosRoutes } from './chaos-routes.ts';
import { clockRoutes } from './clock-routes.ts';
import { definitionRoutes } from './definition-routes.ts';
import { editRoutes } from './edit-routes.ts';
import { historyRoutes } from './history-routes.ts';
import { instanceRoutes } from './instance-routes.ts';
import { objectRoutes } from './object-routes.ts';
import { overviewRoutes } from './overview-routes.ts';
import { removeRoutes } from './remove-routes.ts';
import { reportRoutes } from './report-routes.ts';
import type { AdminRoute } from './route.ts';
import { settingsRoutes } from './settings-routes.ts';
import { snapshotRoutes } from './snapshot-routes.ts';
import { tryRoutes } from './try-routes.ts';
import { userRoutes } from './user-routes.ts';

/** All routes but those of sessions. A file of routes exports a list, and is named here. */
export const adminRoutes: readonly AdminRoute[] = [
  ...overviewRoutes,
  ...callRoutes,
  ...tryRoutes,
  ...chaosRoutes,
  ...clockRoutes,
  ...definitionRoutes,
  ...editRoutes,
  ...historyRoutes,
  ...instanceRoutes,
  ...objectRoutes,
  ...removeRoutes,
  ...reportRoutes,
  ...settingsRoutes,
  ...snapshotRoutes,
  ...userRoutes,
];
