import { nothingSeen, pagesOf, type Seen, seenOf } from './checksum.ts';
import { assertEmpty, type CopyMark, newMark, readMark, sourceState } from './copy-mark.ts';
import { type SectionName, type SectionReader, type SectionWriter, sectionNames } from './sections.ts';
import { StoreError } from './store.ts';

/** Progress of a copy. `begun` is reported once, with the rows that an earlier run left in the target. */
export type CopyStep =
  | { readonly kind: 'begun'; readonly rows: number; readonly total: number }
  | {
      readonly kind: 'copying' | 'checking';
      readonly section: SectionName;
      readonly rows: number;
      readonly total: number;
    };

export interface CopyOptions {
  report(step: CopyStep): void;
  /** Stops the copy after the current page. */
  readonly signal: AbortSignal;
}

/** Result of comparing a section on both sides. */
export type CopyVerdict = 'same' | 'source changed' | 'target differs';

export interface CopiedSection {
  readonly section: SectionName;
  readonly rows: number;
  /** SHA-256 over all rows, in hexadecimal; empty for no rows. */
  readonly checksum: string;
  readonly verdict: CopyVerdict;
}

/**
 * Copies a database page by page. Each page is written together with the progress, so an interrupted copy can be
 * resumed. At the end it reads both sides again, and releases the target only if both match. Rejects with a
 * `StoreError` if the target is not empty and contains no unfinished copy of the source in its current state.
 */
export async function copyDatabase(
  source: SectionReader,
  target: SectionWriter,
  options: CopyOptions,
): Promise<CopiedSection[]> {
  const begun = await beginCopy(source, target, options);
  const mark = await copySections(source, target, begun, options);
  const copied: CopiedSection[] = [];
  for (const section of sectionNames) {
    copied.push(await checkSection(source, target, section, mark, options));
  }
  if (copied.every(({ verdict }) => verdict === 'same')) await target.finish();
  return copied;
}

async function beginCopy(
  source: SectionReader,
  target: SectionWriter,
  { report }: CopyOptions,
): Promise<CopyMark> {
  const text = await target.mark();
  const state = await sourceState(source);
  let mark: CopyMark;
  if (text === undefined) {
    await assertEmpty(target, state);
    mark = newMark(state);
    await target.begin(JSON.stringify(mark));
  } else mark = readMark(text, target, state);
  const rows = sum(sectionNames.map((section) => mark.written[section]?.rows ?? 0));
  report({ kind: 'begun', rows, total: sum(Object.values(state.counts)) });
  return mark;
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

async function copySections(
  source: SectionReader,
  target: SectionWriter,
  begun: CopyMark,
  { report, signal }: CopyOptions,
): Promise<CopyMark> {
  let mark = begun;
  for (const section of sectionNames) {
    const from: Seen = mark.written[section] ?? nothingSeen;
    const step = { kind: 'copying', section, total: mark.source.counts[section] } as const;
    report({ ...step, rows: from.rows });
    for await (const { rows, seen } of pagesOf(source, section, from)) {
      assertGoingOn(signal);
      const next: CopyMark = { ...mark, written: { ...mark.written, [section]: seen } };
      await target.write(section, rows, { before: JSON.stringify(mark), after: JSON.stringify(next) });
      mark = next;
      report({ ...step, rows: seen.rows });
    }
  }
  return mark;
}

async function checkSection(
  source: SectionReader,
  target: SectionWriter,
  section: SectionName,
  mark: CopyMark,
  { report, signal }: CopyOptions,
): Promise<CopiedSection> {
  const written = mark.written[section] ?? nothingSeen;
  const step = { kind: 'checking', section, total: written.rows } as const;
  report({ ...step, rows: 0 });
  const [original, copy] = await Promise.all([
    seenOf(source, section, (rows) => {
      assertGoingOn(signal);
      report({ ...step, rows });
    }),
    seenOf(target, section),
  ]);
  const unchanged = isSame(original, written) && written.rows === mark.source.counts[section];
  const verdict = !unchanged ? 'source changed' : isSame(copy, written) ? 'same' : 'target differs';
  return { section, rows: written.rows, checksum: written.checksum, verdict };
}

const isSame = (a: Seen, b: Seen): boolean => a.rows === b.rows && a.checksum === b.checksum;

function assertGoingOn(signal: AbortSignal): void {
  if (!signal.aborted) return;
  throw new StoreError('The copy was stopped; run the same command again to resume it', {
    failure: 'unfinished',
  });
}
