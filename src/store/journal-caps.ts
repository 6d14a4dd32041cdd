import { shortened } from '../contract/shortened.ts';
import type { JournalEntry, JournalRow } from '../rules/facts.ts';

/** Maximum length of each text in an entry: clients' input must not fill the database. */
const caps = {
  type: 100,
  keyName: 255,
  keyValue: 500,
  because: 1000,
  changed: 2000,
  operation: 100,
  address: 100,
} as const;

/** Returns the entry as it is stored: texts that are too long are cut and end with "…". */
export function cappedEntry<Entry extends JournalEntry>(entry: Entry): Entry {
  const { operation, mode, address, rows } = entry;
  return {
    ...entry,
    operation: shortened(operation, caps.operation),
    mode: mode === null ? null : shortened(mode, caps.operation),
    address: address === null ? null : shortened(address, caps.address),
    rows: rows.some(isTooLong) ? rows.map(cappedRow) : rows,
  };
}

function isTooLong({ type, externalKey, because, changed }: JournalRow): boolean {
  return (
    type.length > caps.type ||
    (externalKey !== undefined &&
      (externalKey.name.length > caps.keyName || externalKey.value.length > caps.keyValue)) ||
    (because !== undefined && because.length > caps.because) ||
    (changed !== undefined && lengthOf(changed) > caps.changed)
  );
}

const lengthOf = (texts: readonly string[]) => texts.reduce((sum, { length }) => sum + length, 0);

function cappedRow(row: JournalRow): JournalRow {
  const { externalKey, because, changed } = row;
  return {
    ...row,
    type: shortened(row.type, caps.type),
    ...(externalKey === undefined
      ? {}
      : {
          externalKey: {
            name: shortened(externalKey.name, caps.keyName),
            value: shortened(externalKey.value, caps.keyValue),
          },
        }),
    ...(because === undefined ? {} : { because: shortened(because, caps.because) }),
    ...(changed === undefined ? {} : { changed: cappedNames(changed) }),
  };
}

/** Returns the first names and the number of the others. */
function cappedNames(names: readonly string[]): readonly string[] {
  const kept: string[] = [];
  let room = caps.changed;
  for (const name of names) {
    room -= name.length;
    if (room < 0) return [...kept, `… and ${names.length - kept.length} more`];
    kept.push(name);
  }
  return kept;
}
