import {
  type CountedType,
  countedTypes,
  declarationOf,
  type RecordType,
  recordTypes,
} from '../records/all.ts';
import { columnsOf } from './columns.ts';

/** A snapshot of the objects and definitions of a database. */
export interface Snapshot {
  readonly name: string;
  /** UTC, ISO 8601. */
  readonly createdAt: string;
  readonly bytes: number;
}

/**
 * Takes a database back to an earlier state: its objects, definitions and id counters. Users, journal and secrets stay
 * as they are. Each method is one transaction or has no effect; calls wait for it.
 */
export interface Rewinding {
  /** Returns the snapshots, oldest first. */
  snapshots(): Promise<Snapshot[]>;
  /**
   * Takes a snapshot under a new name, while calls are served. Rejects with `RewindRefusal`, also if there are `most`
   * snapshots already.
   */
  take(name: string, most?: number): Promise<Snapshot>;
  /** Makes objects, definitions and counters what they were. Rejects with `RewindRefusal`. */
  restore(name: string): Promise<void>;
  /** Resolves to false if there is no such snapshot. */
  remove(name: string): Promise<boolean>;
  /**
   * Removes all objects of these types, and lets their ids count from `firstIds`, or from 1. Resolves to the number
   * of removed objects.
   */
  reset(types: readonly RecordType[], firstIds: FirstIds): Promise<Partial<Record<RecordType, number>>>;
}

/** The next ids of each counter. */
export type FirstIds = { readonly [Type in CountedType]?: number };

/**
 * A snapshot cannot be taken or restored. `reason`: there is one of this name, there is none, there are too many, or
 * another reason.
 */
export class RewindRefusal extends Error {
  override readonly name = 'RewindRefusal';
  readonly reason: 'exists' | 'missing' | 'full' | 'unfit';

  constructor(reason: RewindRefusal['reason'], message: string) {
    super(message);
    this.reason = reason;
  }
}

/** The form of a snapshot's name: it becomes part of a file's or a schema's name. */
export const SNAPSHOT_NAME = '^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$';

export const alreadyTaken = (name: string) =>
  new RewindRefusal(
    'exists',
    `There is a snapshot "${name}" already; give this one another name, or remove that one first`,
  );
export const notTaken = (name: string) => new RewindRefusal('missing', `There is no snapshot "${name}"`);
export const tooMany = (most: number) =>
  new RewindRefusal(
    'full',
    `There are ${most} snapshots or more, and no more are taken (--max-snapshots). Remove one, which needs ` +
      '--allow-reset, or start the server with a larger --max-snapshots',
  );
export const otherVersion = (name: string) =>
  new RewindRefusal(
    'unfit',
    `The snapshot "${name}" is of another version of the tables than the database; nothing was changed`,
  );

/** The tables of the records of these types, with those of their parts. */
export const recordTables = (types: readonly RecordType[]): string[] =>
  types.flatMap((type) => {
    const { table, parts } = declarationOf[type];
    return [table, ...Object.values(parts).map((part) => part.table)];
  });

/** The tables of definitions that both engines have. */
const definitionTables = [
  'field_definition',
  'tag_type',
  'tag_value',
  'channel',
  'channel_status',
  'key_field',
] as const;

/** The tables of objects and definitions that both engines have. */
export const restoredTables: readonly string[] = [...definitionTables, ...recordTables(recordTypes)];

/** Returns the types with all that refer to them, since their objects would refer to nothing. */
export function withDependents(types: readonly RecordType[]): RecordType[] {
  const wanted = new Set(types);
  for (let before = 0; before < wanted.size; ) {
    before = wanted.size;
    for (const type of recordTypes) {
      const refers = columnsOf(declarationOf[type]).some(
        ({ references }) => references && wanted.has(references),
      );
      if (refers) wanted.add(type);
    }
  }
  return recordTypes.filter((type) => wanted.has(type));
}

/** The counters of these types and of their parts. */
export const countersOf = (types: readonly RecordType[]): CountedType[] => {
  const names = new Set<string>(types);
  for (const type of types) {
    for (const part of Object.values(declarationOf[type].parts))
      if (part.kind === 'rows') names.add(part.counter);
  }
  return countedTypes.filter((counter) => names.has(counter));
};
