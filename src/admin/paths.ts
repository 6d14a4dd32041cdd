/** The path of the admin API. */
export const API_PATH = '/api/v1';

/** The path of the console. */
export const CONSOLE_PATH = '/console';

/** Returns whether the admin API serves this path: the API itself, or the console's files. */
export const isAdminPath = (url: string): boolean => /^\/(?:api|console)(?:[/?#]|$)/.test(url);
