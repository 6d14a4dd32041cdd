import { shortened } from '../contract/shortened.ts';
import type { JournalEntry, JournalRow, JournalValue } from '../rules/facts.ts';

/** Maximum length of each text in an entry: clients' input must not fill the database. */
const caps = {
  type: 100,
  keyName: 255,
  keyValue: 500,
  because: 1000,
  changed: 2000,
  name: 200,
  faultText: 2000,
  operation: 100,
  address: 100,
} as const;

/**
 * Maximum length of a value before or after a change, and of all values of a call together; the values of further rows
 * are left out. A cut value ends with "…".
 */
const VALUE_LENGTH = 200;
const VALUES_LENGTH = 64 * 1024;

/** Returns whether a value was cut when it was stored. */
export const isCut = (value: JournalValue): boolean =>
  typeof value === 'object' && value !== null
    ? isCut(value.note)
    : typeof value === 'string' && value.length >= VALUE_LENGTH && value.endsWith('…');

/** Returns the entry as it is stored: texts that are too long are cut and end with "…". */
export function cappedEntry<Entry extends JournalEntry>(entry: Entry): Entry {
  const { operation, mode, address, faultText } = entry;
  return {
    ...entry,
    operation: shortened(operation, caps.operation),
    mode: mode === null ? null : shortened(mode, caps.operation),
    address: address === null ? null : shortened(address, caps.address),
    ...(faultText === undefined ? {} : { faultText: shortened(faultText, caps.faultText) }),
    rows: cappedRows(entry.rows),
  };
}

/** Caps each row, and leaves out the values of the rows after which a call has too many. Mostly nothing is too long. */
function cappedRows(rows: readonly JournalRow[]): readonly JournalRow[] {
  let capped: JournalRow[] | undefined;
  let total = 0;
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index] as JournalRow;
    const length = lengthOfValues(row.before) + lengthOfValues(row.after);
    const mayHaveLong = length > VALUE_LENGTH;
    const kept = mayHaveLong || isTooLong(row) ? cappedRow(row) : row;
    total += mayHaveLong ? lengthOfValues(kept.before) + lengthOfValues(kept.after) : length;
    if (kept === row && total <= VALUES_LENGTH) capped?.push(row);
    else {
      capped ??= rows.slice(0, index);
      capped.push(total <= VALUES_LENGTH ? kept : withoutValues(kept));
    }
  }
  return capped ?? rows;
}

function withoutValues({ before: _before, after: _after, ...rest }: JournalRow): JournalRow {
  return rest;
}

function lengthOfValues(values: readonly JournalValue[] | undefined): number {
  if (values === undefined) return 0;
  let length = 0;
  for (const value of values) {
    if (typeof value === 'string') length += value.length;
    else length += typeof value === 'object' && value?.note ? value.note.length : 8;
  }
  return length;
}

function cappedValue(value: JournalValue): JournalValue {
  if (typeof value === 'object' && value !== null)
    return { ...value, note: cappedValue(value.note) as string | null };
  return typeof value === 'string' ? shortened(value, VALUE_LENGTH) : value;
}

/** Returns whether another text than the values is too long. */
function isTooLong({ type, externalKey, because, name, changed }: JournalRow): boolean {
  return (
    (name !== undefined && name.length > caps.name) ||
    type.length > caps.type ||
    (externalKey !== undefined &&
      (externalKey.name.length > caps.keyName || externalKey.value.length > caps.keyValue)) ||
    (because !== undefined && because.length > caps.because) ||
    (changed !== undefined && lengthOf(changed) > caps.changed)
  );
}

const lengthOf = (texts: readonly string[]) => texts.reduce((sum, { length }) => sum + length, 0);

function cappedRow(row: JournalRow): JournalRow {
  const { externalKey, because, name, changed, before, after } = row;
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
    ...(name === undefined ? {} : { name: shortened(name, caps.name) }),
    ...(changed === undefined ? {} : { changed: cappedNames(changed) }),
    ...(before === undefined ? {} : { before: before.map(cappedValue) }),
    ...(after === undefined ? {} : { after: after.map(cappedValue) }),
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
