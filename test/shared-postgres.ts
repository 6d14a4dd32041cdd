import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestProject } from 'vitest/node';
import { type EmbeddedPostgres, startEmbedded } from './store/embedded-postgres.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Answers a request with the URL of the run's PostgreSQL, or with status 500 and why there is none. */
    readonly sharedPostgres: string;
  }
}

/** Keeps one PostgreSQL for all test files of a run. It is started when the first of them asks for it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let started: Promise<EmbeddedPostgres> | undefined;
  const door = createServer(async (_request, response) => {
    started ??= startEmbedded({ settings: { max_connections: 300 } });
    try {
      response.end((await started).url);
    } catch (error) {
      response.writeHead(500).end(error instanceof Error ? error.message : String(error));
    }
  });
  door.listen(0, '127.0.0.1');
  await once(door, 'listening');
  project.provide('sharedPostgres', `http://127.0.0.1:${(door.address() as AddressInfo).port}/`);
  return async () => {
    door.close();
    door.closeAllConnections();
    await started?.then(
      (postgres) => postgres.stop(),
      () => {},
    );
  };
}
