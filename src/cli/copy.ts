import type { Command } from 'commander';
import { printable } from '../server/printable.ts';
import { type CopiedSection, copyDatabase } from '../store/copy.ts';
import { openSource, openTarget } from '../store/open.ts';
import { type SectionWriter, sectionTitles } from '../store/sections.ts';
import { progressLines } from './copy-progress.ts';
import { CommandFailure } from './failure.ts';
import { addOptions, valuesOf } from './option.ts';
import { copyOptions } from './options.ts';
import { printLine } from './output.ts';
import { handleSignals } from './signals.ts';

/** Adds `mktows copy`. */
export function addCopy(program: Command): void {
  addOptions(
    program
      .command('copy')
      .description(
        'Copy everything from one database to another: objects with their ids, counters, users, journal, secrets. ' +
          'If interrupted, run it again to resume. At the end it compares both sides and lists, separated by tabs: ' +
          'what, number, checksum, verdict. Copy the key file yourself: it is not in the database.',
      ),
    copyOptions,
  ).action(async (_options, command: Command) => {
    const { from, to } = valuesOf(command, copyOptions);
    if (from === undefined || to === undefined) {
      throw new CommandFailure('copy needs --from and --to, or MKTOWS_FROM and MKTOWS_TO');
    }
    await copy(from, to);
  });
}

async function copy(from: string, to: string): Promise<void> {
  const source = await openSource(from);
  try {
    const target = await openTarget(to, source);
    const progress = progressLines(process.stderr, printable(`${source.location} to ${target.location}`));
    const signals = stopSignal();
    try {
      const sections = await copyDatabase(source, target, {
        report: progress.report,
        signal: signals.signal,
      });
      progress.end();
      for (const { section, rows, checksum, verdict } of sections)
        printLine(sectionTitles[section], rows, checksum.slice(0, 16) || '-', verdict);
      assertSame(sections, source.location, target);
      printLine(`copied ${source.location} to ${target.location}; both hold the same`);
    } finally {
      signals.end();
      progress.end();
      await target.close();
    }
  } finally {
    await source.close();
  }
}

function assertSame(sections: readonly CopiedSection[], source: string, target: SectionWriter): void {
  const titles = (verdict: CopiedSection['verdict']) =>
    sections.filter((section) => section.verdict === verdict).map(({ section }) => sectionTitles[section]);
  const changed = titles('source changed');
  const different = titles('target differs');
  if (changed.length > 0) {
    throw new CommandFailure(
      `${source} changed while it was copied (${changed.join(', ')}): stop its servers, empty the target (${target.toEmpty}) and copy again`,
    );
  }
  if (different.length > 0) {
    throw new CommandFailure(
      `${target.location} does not hold what was written to it (${different.join(', ')}): if nothing else wrote to it, please report that; empty it (${target.toEmpty}) and copy again`,
    );
  }
}

/** Aborts on the first signal. A second one ends the process at once. */
function stopSignal(): { signal: AbortSignal; end(): void } {
  const stop = new AbortController();
  const end = handleSignals(() => {
    stop.abort();
    end();
  });
  return { signal: stop.signal, end };
}
