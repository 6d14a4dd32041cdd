/** Returns whether a URL names a PostgreSQL database: `postgres://…` or `postgresql://…`. */
export const isPostgresUrl = (url: string): boolean => /^postgres(ql)?:/i.test(url);
