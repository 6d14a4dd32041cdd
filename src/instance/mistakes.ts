/** Something that is wrong in an instance file. */
export interface Mistake {
  /** Where, e.g. `$.programs[0].costs[1].month`. */
  readonly path: string;
  /** What is wrong, and what was expected. */
  readonly message: string;
}

/** The path of a property or an item inside `path`. */
export function inside(path: string, part: string | number): string {
  if (typeof part === 'number') return `${path}[${part}]`;
  return /^[A-Za-z_$][\w$]*$/.test(part) ? `${path}.${part}` : `${path}[${JSON.stringify(part)}]`;
}

/** Notes mistakes as they are found. */
export interface MistakeList {
  readonly all: readonly Mistake[];
  add(path: string, message: string): void;
}

export function mistakeList(): MistakeList {
  const all: Mistake[] = [];
  return { all, add: (path, message) => void all.push({ path, message }) };
}
