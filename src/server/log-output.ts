import type { Writable } from 'node:stream';
import { printable } from './printable.ts';

/** So many characters of lines wait at most for a reader that is slow, or has stopped. */
const WAITING_AT_MOST = 1024 * 1024;

/** Where the lines of a log go. It fits pino's destinations. */
export interface LogOutput {
  /** Takes a line, with its end. */
  write(line: string): void;
  /** How many lines were lost. */
  readonly lost: number;
}

/**
 * Writes lines to a stream, and never waits for it: lines that find too much waiting, or that cannot be written, are
 * lost and counted. `report` is told how many, once lines can be written again.
 */
export function createLogOutput(stream: Writable, report: (lost: number) => void): LogOutput {
  let lost = 0;
  let reported = 0;
  stream.on('error', () => {
    // Those who wrote are told.
  });

  function written(error: Error | null | undefined): void {
    if (error) {
      lost += 1;
    } else if (lost > reported && stream.writableLength === 0) {
      const count = lost - reported;
      reported = lost;
      report(count);
    }
  }

  return {
    write(line) {
      if (stream.writableLength > WAITING_AT_MOST) lost += 1;
      else stream.write(`${printable(line.slice(0, -1))}\n`, written);
    },
    get lost() {
      return lost;
    },
  };
}
