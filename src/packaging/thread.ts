import { extname } from 'node:path';
import { getAsset, isSea } from 'node:sea';
import { Worker, type WorkerOptions } from 'node:worker_threads';

/** The programs of threads, by their path in src/ without the extension. */
export const threadPrograms = [
  'server/call-worker-program',
  'store/sqlite/browse-thread',
  'store/sqlite/checkpoint-thread',
  'store/sqlite/snapshot-thread',
] as const;
export type ThreadProgram = (typeof threadPrograms)[number];

/** Starts a thread. In a single executable, its program is an asset of the same name: one module with all it imports. */
export function startThread(program: ThreadProgram, options: WorkerOptions): Worker {
  if (isSea()) return new Worker(getAsset(program, 'utf8'), { ...options, eval: true });
  return new Worker(new URL(`../${program}${extname(import.meta.filename)}`, import.meta.url), options);
}
