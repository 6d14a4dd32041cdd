import type { SyncProgress } from '../bulk/sync-file.ts';
import { bar, number, type ProgressOutput } from './copy-progress.ts';

/** In milliseconds. */
const BAR_EVERY = 100;
const LINE_EVERY = 10_000;
const BAR_WIDTH = 30;

export interface SyncProgressLines {
  report(progress: SyncProgress): void;
  /** Prints a line of its own. */
  say(line: string): void;
  /** Leaves the cursor at the beginning of an empty line. */
  end(): void;
}

/**
 * Shows how far a run is, its rate, and the time that it will take: as a bar on a terminal, else in a line every ten
 * seconds. `now`: milliseconds.
 */
export function syncProgressLines(stream: ProgressOutput, now = () => performance.now()): SyncProgressLines {
  const isTerminal = stream.isTTY === true;
  const begun = now();
  let drawn = 0;
  let last = isTerminal ? -Infinity : begun;
  let firstPart: number | undefined;

  function end(): void {
    if (drawn > 0) stream.write(`\r${' '.repeat(drawn)}\r`);
    drawn = 0;
  }

  return {
    end,
    say(line) {
      end();
      stream.write(`${line}\n`);
    },
    report({ rows, doneNow, part }) {
      // A run that is resumed passes over what is done in no time.
      if (doneNow > 0) firstPart ??= part;
      if (now() - last < (isTerminal ? BAR_EVERY : LINE_EVERY)) return;
      last = now();
      const seconds = Math.max(0.001, (last - begun) / 1000);
      const partNow = part === undefined || firstPart === undefined ? 0 : part - firstPart;
      const left = part === undefined || partNow <= 0 ? undefined : ((1 - part) / partNow) * seconds;
      const time = left === undefined ? '' : `, ${duration(left)} left`;
      const line = `${number(rows)} rows, ${number(Math.round(doneNow / seconds))}/s${time}`;
      if (!isTerminal) stream.write(`${line}\n`);
      else {
        const room = Math.max(20, (stream.columns ?? 80) - 1);
        const full =
          part === undefined ? line : `${line} ${bar(part, Math.min(BAR_WIDTH, room - line.length - 1))}`;
        const shown = full.slice(0, room);
        stream.write(`\r${shown.padEnd(drawn)}`);
        drawn = shown.length;
      }
    },
  };
}

function duration(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.floor(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
