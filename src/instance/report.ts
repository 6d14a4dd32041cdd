import { type FileSection, fileSections } from '../records/all.ts';

/** Counts by result. `unchanged` includes records that were left alone. */
export interface Counts {
  created: number;
  updated: number;
  unchanged: number;
  removed: number;
}

/** The sections of an instance file. */
export const instanceKinds: readonly InstanceKind[] = ['fields', 'tags', 'channels', ...fileSections];
export type InstanceKind = 'fields' | 'tags' | 'channels' | FileSection;

/** The changes made by a file. Tags are counted by type, channels by name. */
export type InstanceReport = Readonly<Record<InstanceKind, Readonly<Counts>>>;

export const noCounts = (): Counts => ({ created: 0, updated: 0, unchanged: 0, removed: 0 });

export function count(counts: Counts, outcome: keyof Counts): void {
  counts[outcome] += 1;
}
