/** How many of one kind came out how. `unchanged` includes what was left as it is. */
export interface Counts {
  created: number;
  updated: number;
  unchanged: number;
  removed: number;
}

/** What an instance file consists of. */
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

/** What applying a file did. Tags are counted by type, channels by name. */
export type InstanceReport = Readonly<Record<(typeof instanceKinds)[number], Readonly<Counts>>>;

export const noCounts = (): Counts => ({ created: 0, updated: 0, unchanged: 0, removed: 0 });

export function count(counts: Counts, outcome: keyof Counts): void {
  counts[outcome] += 1;
}
