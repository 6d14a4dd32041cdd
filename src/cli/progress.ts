/** The output of a progress bar, such as a terminal. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** A progress bar that is redrawn in place. Prints nothing if the output is not a terminal. */
export interface ProgressBar {
  show(done: number, total: number): void;
  /** Clears the line. */
  end(): void;
}

const FULL_WIDTH = 40;

/** Creates a progress bar with a title. */
export function progressBar(title: string, stream: ProgressStream = process.stderr): ProgressBar {
  let shown = '';
  return {
    show(done, total) {
      if (!stream.isTTY) return;
      const part = total === 0 ? 1 : done / total;
      const percent = ` ${String(Math.floor(part * 100)).padStart(3)} %`;
      const room = (stream.columns ?? 80) - title.length - percent.length - 4;
      const width = Math.max(0, Math.min(FULL_WIDTH, room));
      const bar = '#'.repeat(Math.floor(part * width)).padEnd(width, '.');
      const line = `${title} [${bar}]${percent}`;
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
