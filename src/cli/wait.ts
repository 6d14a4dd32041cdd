import { setTimeout as pause } from 'node:timers/promises';
import type { Command } from 'commander';
import { connectionAdvice } from '../client/failure-text.ts';
import { shortened } from '../contract/shortened.ts';
import { CommandFailure } from './failure.ts';
import { addOptions, valuesOf } from './option.ts';
import { waitOptions } from './options.ts';
import { printLine } from './output.ts';

const POLL_EVERY = 200;
const NO_ANSWER = 'it did not answer';

/** Adds `mktows wait`. */
export function addWait(program: Command): void {
  addOptions(
    program.command('wait').description('Wait until a server is ready for calls.'),
    waitOptions,
  ).action(async (_options, command: Command) => {
    const { url, timeout } = valuesOf(command, waitOptions);
    await waitFor(new URL('/readyz', url), timeout * 1000);
    printLine(`${new URL(url).origin} is ready`);
  });
}

async function waitFor(url: URL, milliseconds: number): Promise<void> {
  const deadline = performance.now() + milliseconds;
  let reason: string = NO_ANSWER;
  for (;;) {
    const left = Math.ceil(deadline - performance.now());
    const found = await reasonAgainst(url, Math.max(1, Math.min(left, 5_000)));
    if (found === undefined) return;
    // An attempt cut off by the deadline says less than earlier ones.
    if (found !== NO_ANSWER || left > 5_000) reason = found;
    if (performance.now() + POLL_EVERY >= deadline) {
      throw new CommandFailure(`${url.origin} was not ready within ${milliseconds / 1000} s: ${reason}`);
    }
    await pause(POLL_EVERY);
  }
}

/** Returns why the server is not ready; undefined if it is. */
async function reasonAgainst(url: URL, milliseconds: number): Promise<string | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(milliseconds) });
    const text = await response.text();
    return response.status === 200 ? undefined : `HTTP ${response.status} ${shortened(text, 200)}`.trimEnd();
  } catch (error) {
    if ((error as Error).name === 'TimeoutError') return NO_ANSWER;
    const { cause, message } = error as { cause?: { code?: string; message?: string }; message: string };
    const reason = cause?.code ?? cause?.message ?? message;
    const advice = connectionAdvice(reason);
    return advice === undefined ? reason : `${reason}; ${advice}`;
  }
}
