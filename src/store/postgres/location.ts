/** Whether a database URL leads to a PostgreSQL: `postgres://…` or `postgresql://…`. */
export const isPostgresUrl = (url: string): boolean => /^postgres(ql)?:/i.test(url);
