import { type FileSection, fileSections } from '../records/all.ts';

/** Counts by result. `unchanged` includes records that were left alone. */
export interface Counts {
  created: number;
  updated: number;
  unchanged: number;
  removed: number;
}

/** The sections of an instance file. */
export const instanceKinds: readonly InstanceKind[] = [
  'fields',
  'tags',
  'channels',
  ...fileSections,
  'workspaces',
  'lists',
  'campaigns',
  'customObjectTypes',
  'customObjects',
];
export type AssetKind = 'workspaces' | 'lists' | 'campaigns' | 'customObjectTypes' | 'customObjects';
export type InstanceKind = 'fields' | 'tags' | 'channels' | FileSection | AssetKind;

/**
 * The changes made by a file. Tags are counted by type, channels by name. What belongs to a lead counts as a change of
 * it, and members as one of their list.
 */
export type InstanceReport = Readonly<Record<InstanceKind, Readonly<Counts>>>;

export const noCounts = (): Counts => ({ created: 0, updated: 0, unchanged: 0, removed: 0 });

export function count(counts: Counts, outcome: keyof Counts): void {
  counts[outcome] += 1;
}
