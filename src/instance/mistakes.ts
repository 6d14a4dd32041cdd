/** A mistake in an instance file. */
export interface Mistake {
  /** JSON path, such as `$.programs[0].costs[1].month`. */
  readonly path: string;
  /** What is wrong and what was expected. */
  readonly message: string;
}

/** Returns the path of a property or item inside `path`. */
export function inside(path: string, part: string | number): string {
  if (typeof part === 'number') return `${path}[${part}]`;
  return /^[A-Za-z_$][\w$]*$/.test(part) ? `${path}.${part}` : `${path}[${JSON.stringify(part)}]`;
}

/** Collects mistakes. */
export interface MistakeList {
  readonly all: readonly Mistake[];
  add(path: string, message: string): void;
}

export function mistakeList(): MistakeList {
  const all: Mistake[] = [];
  return { all, add: (path, message) => void all.push({ path, message }) };
}
