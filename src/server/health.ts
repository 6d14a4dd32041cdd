import type { FastifyInstance } from 'fastify';
import { type Health, StoreError } from '../store/store.ts';
import { serverTimes } from './http-caps.ts';

/**
 * Adds /livez (200 while the process answers) and /readyz (200 if calls can be handled; 503 with the reason if not).
 * `stopping` returns whether the server is shutting down.
 */
export function addHealthRoutes(app: FastifyInstance, store: Health, stopping: () => boolean): void {
  app.get('/livez', async () => ({ status: 'alive' }));

  let asked: Promise<string | undefined> | undefined;
  app.get('/readyz', async (_request, reply) => {
    // One check at a time, so that a hanging store does not accumulate them.
    asked ??= reasonAgainst(store).finally(() => {
      asked = undefined;
    });
    const late = `the store did not answer within ${serverTimes.readiness} ms`;
    const reason = stopping() ? 'the server is stopping' : await inTime(asked, serverTimes.readiness, late);
    if (reason === undefined) return { status: 'ready' };
    return reply.code(503).send({ status: 'not ready', reason });
  });
}

async function reasonAgainst(store: Health): Promise<string | undefined> {
  try {
    await store.ping();
    return undefined;
  } catch (error) {
    return error instanceof StoreError ? error.message : 'the store failed; the log says how';
  }
}

async function inTime<T>(work: Promise<T>, milliseconds: number, late: T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<T>((resolve) => {
    timer = setTimeout(resolve, milliseconds, late);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
