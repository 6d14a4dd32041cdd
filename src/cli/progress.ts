/** Where a progress bar is drawn; a terminal's stream fits. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** A line that shows how far some work is, drawn over itself. Where no terminal is, nothing is shown. */
export interface ProgressBar {
  show(done: number, total: number): void;
  /** Takes the line away. */
  end(): void;
}

const FULL_WIDTH = 40;

/** A progress bar under this title. */
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
