import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { databaseLocation } from '../store/open.ts';

/**
 * Rejects as listening would if a port is taken, before a database that does not exist yet is made: it would be left
 * behind, empty. A server on an existing one may wait for another to end, which frees the port.
 */
export async function assertPortFree(
  database: string,
  host: string,
  port: number | undefined,
): Promise<void> {
  if (port === undefined || port === 0 || !isMissingFile(database)) return;
  const probe = createServer().listen({ host: host === 'localhost' ? '127.0.0.1' : host, port });
  await once(probe, 'listening');
  probe.close();
  await once(probe, 'close');
}

function isMissingFile(database: string): boolean {
  if (/^postgres(ql)?:/.test(database)) return false;
  const location = databaseLocation(database);
  return location !== ':memory:' && !existsSync(location);
}
