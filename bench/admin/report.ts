import { machine, table } from '../report.ts';
import type { Sizes } from './fill.ts';
import type { EngineResult, PageResult } from './measure.ts';

/** A run of the benchmark of the admin API. */
export interface AdminRun {
  readonly command: string;
  readonly sizes: Sizes;
  readonly rounds: number;
  readonly results: readonly EngineResult[];
}

/** The time that a page may take at the median, in milliseconds. */
const TARGET = 100;

const median = (times: readonly number[]) =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
const milliseconds = (time: number) => time.toFixed(time < 10 ? 1 : 0);

const row = ({ page, what, times, waits }: PageResult) => [
  page,
  what,
  milliseconds(median(times)),
  milliseconds(Math.max(...times)),
  milliseconds(median(waits)),
  milliseconds(Math.max(...waits)),
];

/** Writes a run as a page of Markdown. */
export function adminMarkdown({ command, sizes, rounds, results }: AdminRun): string {
  const number = (count: number) => count.toLocaleString('en');
  const stored = `${number(sizes.opportunities)} opportunities, ${number(sizes.leads)} leads and ${number(sizes.calls)} calls`;
  const parts = results.map(({ engine, first, pages }) => {
    const over = pages.filter(({ times, isBounded = true }) => isBounded && median(times) > TARGET);
    const missed = over.map(({ page, what }) => `${page}: ${what}`).join('; ');
    const verdict =
      over.length === 0 ? `All are below ${TARGET} ms, but for sorts` : `Above ${TARGET} ms: ${missed}`;
    return `## ${engine === 'sqlite' ? 'SQLite' : 'PostgreSQL'}\n\n${table(
      ['page', 'request', 'median, ms', 'longest', 'others wait, median', 'longest'],
      [row(first), ...pages.map(row)],
    )}\n\n${verdict}.\n`;
  });
  return `# The admin API with many objects

${machine(command, ['fastify', 'pg'])}
- Stored: ${stored}, and a role for each lead
- ${rounds} rounds of one request each, after one that is not counted

"Others wait": the longest time that GET /livez took during the request, to the millisecond that the client needs itself.
Other programs on the machine are in these figures, too.

${parts.join('\n')}`;
}
