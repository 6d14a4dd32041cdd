/** Counts by result. `unchanged` includes records that were left alone. */
export interface Counts {
  created: number;
  updated: number;
  unchanged: number;
  removed: number;
}

/** The parts of an instance file. */
export const instanceKinds = [
  'fields',
  'tags',
  'channels',
  'programs',
  'companies',
  'leads',
  'opportunities',
  'roles',
] as const;

/** The changes made by a file. Tags are counted by type, channels by name. */
export type InstanceReport = Readonly<Record<(typeof instanceKinds)[number], Readonly<Counts>>>;

export const noCounts = (): Counts => ({ created: 0, updated: 0, unchanged: 0, removed: 0 });

export function count(counts: Counts, outcome: keyof Counts): void {
  counts[outcome] += 1;
}
