/** A position in a file. Both count from 1; a column is a UTF-16 code unit. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A mistake in an instance file. */
export interface Mistake {
  /** Path of the value, such as `programs[0].costs[1].month`; empty for the whole file. */
  readonly path: string;
  /** What is wrong and what was expected. */
  readonly message: string;
  /** Path of the value whose place is reported, where nothing is at `path`. */
  readonly at?: string;
  /** The place, where it is not that of the value. */
  readonly place?: Place;
}

/** A mistake with its position in the file. */
export interface PlacedMistake {
  readonly path: string;
  readonly message: string;
  readonly place: Place;
}

/** Returns the path of a property or item inside `path`. */
export function inside(path: string, part: string | number): string {
  if (typeof part === 'number') return `${path}[${part}]`;
  if (!/^[A-Za-z_$][\w$]*$/.test(part)) return `${path}[${JSON.stringify(part)}]`;
  return path === '' ? part : `${path}.${part}`;
}

/** Collects mistakes. */
export interface MistakeList {
  readonly all: readonly Mistake[];
  add(path: string, message: string): void;
  /** Reports that the object at `path` lacks a property. */
  addMissing(path: string, property: string): void;
}

export function mistakeList(): MistakeList {
  const all: Mistake[] = [];
  return {
    all,
    add: (path, message) => void all.push({ path, message }),
    addMissing: (path, property) =>
      void all.push({ path: inside(path, property), message: 'is missing', at: path }),
  };
}
