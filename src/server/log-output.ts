import type { Writable } from 'node:stream';
import { printable } from './printable.ts';

/** The maximum number of characters that wait for a slow or stopped reader. */
const WAITING_AT_MOST = 1024 * 1024;

/** The output of a log; a pino destination. */
export interface LogOutput {
  /** Writes a line, including its line break. */
  write(line: string): void;
  /** The number of lost lines. */
  readonly lost: number;
}

/**
 * Writes lines to a stream without ever waiting for it. Lines that exceed the buffer or cannot be written are dropped
 * and counted. `report` is called with their number once writing works again.
 */
export function createLogOutput(stream: Writable, report: (lost: number) => void): LogOutput {
  let lost = 0;
  let reported = 0;
  stream.on('error', () => {
    // The error is also passed to the callback of each write.
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
