import { type CheckResult, correct, createFindings } from './report.ts';
import { type CheckSource, pagesOf } from './source.ts';
import { isTime } from './values.ts';

/** Checks that every journal entry can be read and that numbers ascend. */
export async function checkJournal(source: CheckSource): Promise<CheckResult> {
  const findings = createFindings('journal');
  findings.examined('entries', 0);
  let before = 0;
  for await (const { rows } of pagesOf((after, limit) => source.journal(after, limit))) {
    findings.examined('entries', rows.length);
    for (const row of rows) {
      const fault = (found: string, expected: string) =>
        findings.fault({ where: `journal ${row.id}`, found, expected, remedy: correct });
      if (row.id <= before) fault(`it comes after ${before}`, 'numbers from 1 that ascend');
      before = row.id;
      if ('unreadable' in row) fault(row.unreadable, 'a list of rows as JSON');
      else {
        if (!isTime(row.content.at))
          fault(`the time ${JSON.stringify(row.content.at)}`, 'UTC, in milliseconds');
        if (!isRowList(row.content.rows)) fault('rows without type and status', 'a list of rows as JSON');
      }
    }
  }
  return findings.result();
}

const isRowList = (rows: unknown): boolean =>
  Array.isArray(rows) && rows.every((row) => typeof row?.type === 'string' && typeof row.status === 'string');
