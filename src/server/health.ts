import type { FastifyInstance } from 'fastify';
import { type Health, StoreError } from '../store/store.ts';
import { serverTimes } from './http-caps.ts';

/**
 * Adds /livez (the process answers) and /readyz (200: calls can be carried out now; 503 with the reason: they
 * cannot). `stopping` says whether the server is on its way down.
 */
export function addHealthRoutes(app: FastifyInstance, store: Health, stopping: () => boolean): void {
  app.get('/livez', async () => ({ status: 'alive' }));

  let asked: Promise<string | undefined> | undefined;
  app.get('/readyz', async (_request, reply) => {
    // One question at a time: a store that hangs must not collect them.
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
