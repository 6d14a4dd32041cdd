import { type Seen, seenOf } from './checksum.ts';
import {
  type SectionName,
  type SectionReader,
  type SectionWriter,
  sectionNames,
  sectionTitles,
} from './sections.ts';
import { type MigrationStep, StoreError } from './store.ts';

/** Format version of marks and checksums. */
const FORMAT = 2;

/** The state of a source. Every writing call adds a journal entry and so changes the state. */
export interface SourceState {
  /** Without credentials. */
  readonly location: string;
  /** Checksum of the secrets that were created with the database; only its copies have the same. */
  readonly identity: string;
  readonly counts: Readonly<Record<SectionName, number>>;
  /** Checksum of the id counters. */
  readonly counters: string;
}

/** The progress of a copy, as stored in the target. */
export interface CopyMark {
  readonly format: number;
  readonly source: SourceState;
  /** The written rows of each section that was started. */
  readonly written: { readonly [Name in SectionName]?: Seen };
}

export const newMark = (source: SourceState): CopyMark => ({ format: FORMAT, source, written: {} });

export async function sourceState(source: SectionReader): Promise<SourceState> {
  return {
    location: source.location,
    identity: (await seenOf(source, 'secrets')).checksum,
    counts: await source.counts(),
    counters: (await seenOf(source, 'counters')).checksum,
  };
}

/** Parses a target's mark. Throws unless it belongs to a copy of this source in its current state. */
export function readMark(text: string, target: SectionWriter, now: SourceState): CopyMark {
  const mark = JSON.parse(text) as CopyMark;
  if (mark.format !== FORMAT) {
    throw refused(
      target,
      'holds an unfinished copy that another version of mktows began; resume it with that version, or',
    );
  }
  if (mark.source.identity !== now.identity) {
    throw refused(
      target,
      `holds an unfinished copy of another database, ${mark.source.location}; resume that copy, or`,
    );
  }
  const changes = sectionNames
    .filter((section) => mark.source.counts[section] !== now.counts[section])
    .map(
      (section) =>
        `${sectionTitles[section]} were ${mark.source.counts[section]}, are ${now.counts[section]}`,
    );
  if (mark.source.counters !== now.counters) changes.push('ids were assigned');
  if (changes.length > 0) {
    throw refused(
      target,
      `holds an unfinished copy of ${now.location} as it was before: ${changes.join('; ')}. Stop the servers of the source,`,
    );
  }
  return mark;
}

/** Throws if the target contains anything that a new database does not. */
export async function assertEmpty(target: SectionWriter, source: SourceState): Promise<void> {
  const counts = await target.counts();
  const held = sectionNames
    .filter((section) => section !== 'secrets' && section !== 'counters' && counts[section] > 0)
    .map((section) => `${sectionTitles[section]}: ${counts[section]}`);
  const counters = await target.page('counters', [], 1);
  if (held.length === 0 && counters.some(({ last }) => last > 0)) held.push('ids that were assigned');
  if (held.length === 0) return;
  const same = (await seenOf(target, 'secrets')).checksum === source.identity;
  throw new StoreError(
    `Cannot copy to ${target.location}: it is not empty (${held.join(', ')})` +
      `${same ? '; it is the source itself, or a finished copy of it' : ''}. Name an empty database or one that does not exist yet`,
    { failure: 'unusable' },
  );
}

const refused = (target: SectionWriter, why: string) =>
  new StoreError(
    `Cannot copy to ${target.location}: it ${why} empty the target (${target.toEmpty}) and copy again`,
    {
      failure: 'unfinished',
    },
  );

/** Creates the error for a database that contains an unfinished copy. */
export const unfinishedCopy = (kind: string, location: string): StoreError =>
  new StoreError(
    `${kind} database ${location} holds an unfinished copy: run "mktows copy" again with the same options, or empty it`,
    { failure: 'unfinished' },
  );

/** Throws if the source lacks a migration. It is read only, so the copy cannot migrate it. */
export function assertNewest(kind: string, location: string, steps: readonly MigrationStep[]): void {
  if (steps.every(({ appliedAt }) => appliedAt !== null)) return;
  const isNone = steps.every(({ appliedAt }) => appliedAt === null);
  throw new StoreError(
    `Cannot copy from ${kind} database ${location}: ` +
      (isNone
        ? 'it is not an mktows database, or was never opened; name a database with content'
        : 'it has an older schema version; run "mktows migrate" on it first'),
    { failure: isNone ? 'unusable' : 'older' },
  );
}
