import { declarationOf, fileTypes, type RecordType, recordTypes } from '../records/all.ts';

/** The records of a type that refer to another type, and how they are found. */
export interface Referrer {
  readonly type: RecordType;
  /** The name in `Declaration.lookups`. */
  readonly lookup: string;
  /** They belong to the other record, and go with it. */
  readonly belongs: boolean;
}

/** Returns the types that refer to a type; undefined: some cannot be found, since no lookup leads to them. */
export function referrersOf(type: RecordType): readonly Referrer[] | undefined {
  const referrers: Referrer[] = [];
  for (const other of recordTypes) {
    const { columns, fields = [], lookups = {} } = declarationOf[other];
    const properties = [
      ...Object.entries(columns)
        .filter(([, { references }]) => references === type)
        .map(([name, { nullable }]) => ({ name, belongs: !nullable })),
      ...fields.filter(({ references }) => references === type).map(({ name }) => ({ name, belongs: false })),
    ];
    for (const { name, belongs } of properties) {
      const found = Object.entries(lookups).find(([, lookup]) => lookup.columns.join() === name);
      if (found === undefined) return undefined;
      referrers.push({ type: other, lookup: found[0], belongs });
    }
  }
  return referrers;
}

/** The types whose referrers are all found by an index, so that none is left behind. */
export const removableTypes = (['Program', 'Lead'] satisfies RecordType[]).filter((type) =>
  fileTypes.includes(type),
);
