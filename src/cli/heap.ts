/**
 * How large V8 lets each half of the space for new objects become, in MB; four times as much without it. A server under
 * load is 30 to 40 MB smaller with it, and no slower.
 */
export const HEAP_FLAG = '--max-semi-space-size=8';

const isGiven = (options: readonly string[]) =>
  options.some((option) => option.replaceAll('_', '-').startsWith('--max-semi-space-size'));

/**
 * Begins this process anew with that space bounded, which Node can only be told at its start: with the same number,
 * command line, environment, input and output, some 25 ms later. Does nothing where that was said already, by who
 * starts it or by this function; where somebody talks to the process over a channel, which would be lost; and on
 * Windows, where no process can begin anew.
 */
export function boundHeap(): void {
  const { execArgv, execPath, argv, env } = process;
  if (isGiven([...execArgv, ...(env.NODE_OPTIONS ?? '').split(/\s+/)])) return;
  if (process.execve === undefined || process.connected) return;
  process.execve(execPath, [execPath, HEAP_FLAG, ...execArgv, ...argv.slice(1)], env);
}
