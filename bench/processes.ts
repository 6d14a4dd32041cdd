import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { compiledServers } from './compile.ts';
import type { LoadFigures } from './figures.ts';
import type { Job } from './load.ts';
import type { ServerMessage, Usage } from './servers/process.ts';
import type { Target } from './targets.ts';

/** A target that is running. */
export interface RunningTarget {
  readonly target: Target;
  readonly url: string;
  /** From the start of its process until it listened, in milliseconds. */
  readonly startTime: number;
  usage(): Promise<Usage>;
  stop(): Promise<void>;
}

async function answerOf<Answer>(child: ChildProcess): Promise<Answer> {
  const ended = new AbortController();
  const exit = once(child, 'exit', { signal: ended.signal }).then(([code]) => {
    throw new Error(`${child.spawnfile} ${child.spawnargs.join(' ')} ended with ${code}`);
  });
  exit.catch(() => {});
  try {
    const [message] = await Promise.race([once(child, 'message', { signal: ended.signal }), exit]);
    return message as Answer;
  } finally {
    ended.abort();
  }
}

async function stop(child: ChildProcess): Promise<void> {
  const exit = once(child, 'exit');
  child.disconnect();
  await exit;
}

/** Starts a target's server in a process of its own; its log goes nowhere, but is written. */
export async function startTarget(target: Target, file: string | undefined): Promise<RunningTarget> {
  const program = join(compiledServers(), target.server);
  const began = performance.now();
  const child = fork(program, file === undefined ? [] : [file], {
    stdio: ['ignore', 'inherit', process.env.MKTOWS_BENCH_LOG ? 'inherit' : 'ignore', 'ipc'],
    execArgv: [...(target.nodeOptions ?? [])],
    env: {
      ...process.env,
      NODE_ENV: 'production',
      ...target.environment,
      ...(target.sources ? { MKTOWS_BENCH_SOURCES: target.sources } : {}),
    },
  });
  const first = await answerOf<ServerMessage>(child);
  if (!('listening' in first)) throw new Error('expected where it listens');
  return {
    target,
    url: first.listening,
    startTime: performance.now() - began,
    async usage() {
      child.send('usage');
      const message = await answerOf<ServerMessage>(child);
      if (!('usage' in message)) throw new Error('expected its usage');
      return message.usage;
    },
    stop: () => stop(child),
  };
}

/** The process that makes the calls. */
export interface LoadGenerator {
  fill(job: Job): Promise<void>;
  measure(job: Job): Promise<LoadFigures>;
  stop(): Promise<void>;
}

/** Starts it; another program than the load over HTTP does the same jobs in its own way. */
export function startLoad(program = 'load.ts', words: readonly string[] = []): LoadGenerator {
  const child = fork(join(import.meta.dirname, program), words, { execArgv: [] });
  async function ask(kind: 'fill' | 'measure', job: Job): Promise<LoadFigures> {
    child.send({ kind, job });
    const answer = await answerOf<{ figures: LoadFigures } | { failure: string }>(child);
    if ('failure' in answer) throw new Error(answer.failure);
    return answer.figures;
  }
  return {
    fill: async (job) => void (await ask('fill', job)),
    measure: (job) => ask('measure', job),
    stop: () => stop(child),
  };
}
