import { inside, type Mistake } from './mistakes.ts';

/** Deeper than any instance file, and far from a stack overflow. */
const DEEPEST = 64;

/** A syntax error with its position; stops parsing. */
class SyntaxMistake extends Error {}

/**
 * Parses JSON (RFC 8259). Unlike `JSON.parse`, reports syntax errors with line and column, and duplicate names in an
 * object. `value` is undefined if the text is not JSON.
 */
export function parseJson(text: string): { readonly value: unknown; readonly mistakes: readonly Mistake[] } {
  const mistakes: Mistake[] = [];
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  let path = '$';

  function place(position: number): string {
    const lines = text.slice(0, position).split('\n');
    return `line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`;
  }

  function fail(expected: string): never {
    const found = text.codePointAt(at);
    const what = found === undefined ? 'the end' : JSON.stringify(String.fromCodePoint(found));
    throw new SyntaxMistake(`${place(at)}: expected ${expected}, found ${what}`);
  }

  function skipSpace(): void {
    while (' \t\n\r'.includes(text[at] ?? 'x')) at += 1;
  }

  /** Skips white space and consumes the character, if it is the next one. */
  function take(character: string): boolean {
    skipSpace();
    if (text[at] !== character) return false;
    at += 1;
    return true;
  }

  function readString(): string {
    const start = at;
    at += 1;
    for (;;) {
      const code = text.charCodeAt(at);
      if (Number.isNaN(code)) fail(`the end of the string that began at ${place(start)}`);
      if (code < 0x20) fail('a string without control characters (\\n, \\t and \\u0000 stand for them)');
      at += code === 0x5c ? 2 : 1;
      if (code === 0x22) break;
    }
    try {
      return JSON.parse(text.slice(start, at));
    } catch {
      throw new SyntaxMistake(`${place(start)}: the string has an escape that JSON does not know`);
    }
  }

  function readScalar(): unknown {
    const token = /^[-+.\w]+/.exec(text.slice(at, at + 400))?.[0] ?? '';
    try {
      const value = JSON.parse(token);
      at += token.length;
      return value;
    } catch {
      return fail('a value');
    }
  }

  function readValue(depth: number): unknown {
    skipSpace();
    if (depth > DEEPEST) throw new SyntaxMistake(`${place(at)}: nested deeper than ${DEEPEST}`);
    if (text[at] === '"') return readString();
    if (take('{')) return readObject(depth);
    if (take('[')) return readArray(depth);
    return readScalar();
  }

  function readInside(part: string | number, depth: number): unknown {
    const outer = path;
    path = inside(outer, part);
    const value = readValue(depth + 1);
    path = outer;
    return value;
  }

  function readObject(depth: number): object {
    const entries = new Map<string, unknown>();
    if (take('}')) return {};
    do {
      skipSpace();
      if (text[at] !== '"') fail('a name in double quotes');
      const start = at;
      const name = readString();
      if (entries.has(name)) {
        mistakes.push({ path: inside(path, name), message: `${place(start)}: the name stands here twice` });
      }
      if (!take(':')) fail('":"');
      entries.set(name, readInside(name, depth));
    } while (take(','));
    if (!take('}')) fail('"," or "}"');
    return Object.fromEntries(entries);
  }

  function readArray(depth: number): unknown[] {
    const items: unknown[] = [];
    if (take(']')) return items;
    do items.push(readInside(items.length, depth));
    while (take(','));
    if (!take(']')) fail('"," or "]"');
    return items;
  }

  try {
    const value = readValue(0);
    skipSpace();
    if (at < text.length) fail('the end of the file');
    return { value, mistakes };
  } catch (error) {
    if (!(error instanceof SyntaxMistake)) throw error;
    return { value: undefined, mistakes: [...mistakes, { path, message: error.message }] };
  }
}
