import type { Records } from '../../records/all.ts';
import type { Token } from '../campaigns/tokens.ts';

/** The record of an import. */
export type ListImport = Records['ListImport'];

/** The progress of an import. */
export interface ImportCounts {
  readonly imported: number;
  readonly failed: number;
  readonly ignored: number;
  /** The first rows that failed: number from 1, and why. */
  readonly problems: readonly (readonly [row: number, reason: string])[];
  /** The tokens of the rows imported, in their order. */
  readonly tokens: readonly Token[];
  /** Characters of further tokens that are kept. */
  readonly room: number;
  /** The number of tokens that were left out. */
  readonly omitted: number;
}

/** Rows that failed that the summary names. */
const PROBLEMS_AT_MOST = 10;
/** Characters of the reason of each. */
const REASON_AT_MOST = 200;
/** Characters of all tokens that are kept with an import. */
const TOKENS_AT_MOST = 100_000;

export const noCounts: ImportCounts = {
  imported: 0,
  failed: 0,
  ignored: 0,
  problems: [],
  tokens: [],
  room: TOKENS_AT_MOST,
  omitted: 0,
};

/** Counts the rows of an import. */
export function createCounter(before: ImportCounts) {
  let { imported, failed, ignored, room, omitted } = before;
  const problems = [...before.problems];
  const tokens = [...before.tokens];
  return {
    imported(found: readonly Token[]): void {
      imported += 1;
      for (const token of found) {
        room -= token[0].length + token[1].length;
        if (room >= 0) tokens.push(token);
        else omitted += 1;
      }
    },
    failed(row: number, reason: string): void {
      failed += 1;
      if (problems.length < PROBLEMS_AT_MOST)
        problems.push([row, reason.slice(0, REASON_AT_MOST).toWellFormed()]);
    },
    ignored(): void {
      ignored += 1;
    },
    counts: (): ImportCounts => ({ imported, failed, ignored, problems, tokens, room, omitted }),
  };
}

/** Returns the importSummary of an import. */
export function importSummary({ imported, failed, ignored, problems, omitted }: ImportCounts): string {
  const rows = imported + failed + ignored;
  const lines = [`${rows} rows: ${imported} imported, ${failed} failed, ${ignored} ignored`];
  for (const [row, reason] of problems) lines.push(`row ${row}: ${reason}`);
  if (failed > problems.length) lines.push(`and ${failed - problems.length} more rows failed`);
  if (omitted > 0) lines.push(`${omitted} values of tokens were not kept: too many`);
  return lines.join('\n');
}
