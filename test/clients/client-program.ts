import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { TestServer } from '../server/test-server.ts';
import { SECRET, USER_ID } from './seeded-server.ts';

/** The path of a program of the folders beside this file. */
export const clientProgram = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/**
 * Runs a client that reads `{endpoint, user, secret, calls}` as JSON from its standard input and prints its results as
 * JSON. Throws what it printed as errors if it fails.
 */
export async function runClient(
  [program, ...words]: readonly [string, ...string[]],
  { endpoint }: TestServer,
  calls: unknown,
): Promise<unknown> {
  const running = spawn(program, words, { stdio: ['pipe', 'pipe', 'pipe'] });
  running.stdin.end(JSON.stringify({ endpoint, user: USER_ID, secret: SECRET, calls }));
  const ended = new Promise<number | null>((resolve, reject) => {
    running.once('error', reject).once('close', resolve);
  });
  const [printed, errors, status] = await Promise.all([text(running.stdout), text(running.stderr), ended]);
  if (status !== 0) throw new Error(`${program} ended with status ${status}: ${errors}`);
  return JSON.parse(printed);
}
