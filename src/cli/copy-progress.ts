import type { WriteStream } from 'node:tty';
import type { CopyStep } from '../store/copy.ts';
import { sectionTitles } from '../store/sections.ts';

/** A terminal gets a progress bar that is redrawn in place; other streams get a line every 10 s. */
export type ProgressOutput = Pick<WriteStream, 'write'> & Partial<Pick<WriteStream, 'isTTY' | 'columns'>>;

/** In milliseconds. */
const BAR_EVERY = 100;
const LINE_EVERY = 10_000;
const BAR_WIDTH = 30;

export interface ProgressLines {
  report(step: CopyStep): void;
  /** Leaves the cursor at the beginning of an empty line. */
  end(): void;
}

/** Reports the progress of a copy. `what`: "<source> to <target>". `now`: milliseconds. */
export function progressLines(
  stream: ProgressOutput,
  what: string,
  now = () => performance.now(),
): ProgressLines {
  const isTerminal = stream.isTTY === true;
  let drawn = 0;
  let last = -Infinity;
  let section: string | undefined;

  function draw(line: string, part: number): void {
    const room = Math.max(20, (stream.columns ?? 80) - 1);
    const shown = `${line} ${bar(part, Math.min(BAR_WIDTH, room - line.length - 1))}`.slice(0, room);
    stream.write(`\r${shown.padEnd(drawn)}`);
    drawn = shown.length;
  }

  function end(): void {
    if (drawn > 0) stream.write(`\r${' '.repeat(drawn)}\r`);
    drawn = 0;
  }

  return {
    end,
    report(step) {
      if (step.kind === 'begun') {
        const there = `${number(step.rows)} of ${number(step.total)} rows are already copied`;
        stream.write(`${step.rows > 0 ? `resuming the copy of ${what}: ${there}` : `copying ${what}`}\n`);
        return;
      }
      const next = `${step.kind} ${sectionTitles[step.section]}`;
      const isNew = next !== section;
      const isDue = now() - last >= (isTerminal ? BAR_EVERY : LINE_EVERY);
      if (step.total === 0 || !(isNew || isDue)) return;
      section = next;
      last = now();
      const line = `${next}: ${number(step.rows)} of ${number(step.total)}`;
      if (isTerminal) draw(line, Math.min(1, step.rows / step.total));
      else stream.write(`${line}\n`);
    },
  };
}

export const number = (value: number) => value.toLocaleString('en-US');

/** Draws `[####....] 50 %` in the given width. Returns an empty text if the width is too small. */
export function bar(part: number, width: number): string {
  const room = width - '[] 100 %'.length;
  if (room < 1) return '';
  const filled = Math.floor(part * room);
  return `[${'#'.repeat(filled)}${'.'.repeat(room - filled)}] ${Math.floor(part * 100)} %`;
}
