import { type Logger, pino, stdTimeFunctions } from 'pino';
import { shortened } from '../contract/shortened.ts';
import type { CallTrace } from './call-trace.ts';
import type { LogLevel } from './log-level.ts';
import { createLogOutput, type LogOutput } from './log-output.ts';

export type { Logger };

let output: LogOutput | undefined;

/** Returns the number of lost lines of this process's log. */
export const lostLogLines = (): number => output?.lost ?? 0;

/**
 * Creates a log with one JSON object per line on standard error. A slow or closed reader loses lines but blocks
 * nobody.
 */
export function createLogger(level: LogLevel): Logger {
  output ??= createLogOutput(process.stderr, (lines) =>
    logger.error({ lines }, 'lines of the log were lost: they could not be written, or nobody read them'),
  );
  const logger = pino({ level, base: null, timestamp: stdTimeFunctions.isoTime }, output);
  return logger;
}

/** Logs a finished call: an answered one at level info, a refused one at warn, one that failed on our side at error. */
export function logCall(logger: Logger, trace: CallTrace, address: string | null, seconds: number): void {
  const { fault } = trace;
  const line = {
    call: trace.callId,
    user: trace.userId,
    operation: trace.operation,
    ...(trace.mode === null ? {} : { mode: trace.mode }),
    address: address && shortened(address, 100),
    ...(trace.rows.size === 0 ? {} : { rows: Object.fromEntries(trace.rows) }),
    ...(fault ? { fault: fault.code, reason: fault.internal ?? fault.message } : {}),
    ...(fault?.outcomeUnknown ? { outcomeUnknown: true } : {}),
    ...(trace.onWorker ? { thread: 2 } : {}),
    ms: Math.round(seconds * 10_000) / 10,
  };
  if (!fault) logger.info(line, 'answered');
  else if (fault.code === 20011) logger.error({ ...line, err: fault.cause }, 'failed');
  else logger.warn(line, 'refused');
}
