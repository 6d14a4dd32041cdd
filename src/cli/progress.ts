import { bar, type ProgressOutput } from './copy-progress.ts';

/** A progress bar that is redrawn in place. Prints nothing if the output is not a terminal. */
export interface ProgressBar {
  show(done: number, total: number): void;
  /** Clears the line. */
  end(): void;
}

const FULL_WIDTH = 50;

/** Creates a progress bar with a title. */
export function progressBar(title: string, stream: ProgressOutput = process.stderr): ProgressBar {
  let shown = '';
  return {
    show(done, total) {
      if (!stream.isTTY) return;
      const room = (stream.columns ?? 80) - title.length - 2;
      const line = `${title} ${bar(total === 0 ? 1 : done / total, Math.min(FULL_WIDTH, room))}`;
      if (line === shown) return;
      shown = line;
      stream.write(`\r${line}`);
    },
    end() {
      if (shown !== '') stream.write(`\r${' '.repeat(shown.length)}\r`);
      shown = '';
    },
  };
}
