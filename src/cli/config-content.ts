import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse as parseToml } from 'smol-toml';

/**
 * Parses a config file: JSON if its name ends with `.json`, otherwise TOML. Throws a one-line `Error` that quotes
 * nothing from the file, which may contain secrets.
 */
export function readConfigContent(path: string): Readonly<Record<string, unknown>> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason =
      code === 'ENOENT'
        ? `there is no file ${resolve(path)}`
        : code === 'EISDIR'
          ? 'it is a folder'
          : message;
    throw new Error(`cannot read the config file ${path}: ${reason}`);
  }
  let content: unknown;
  try {
    content = path.endsWith('.json') ? JSON.parse(text) : parseToml(text);
  } catch (error) {
    throw new Error(`${path}${placeOf(error)}: expected ${path.endsWith('.json') ? 'JSON' : 'TOML'}`);
  }
  if (typeof content === 'object' && content !== null && !Array.isArray(content)) return { ...content };
  throw new Error(`${path}: expected an object with a member for each option`);
}

/** Returns `:2:7` where a parser says line and column, in members of the error or in its message. */
function placeOf(error: unknown): string {
  const { line, column, message } = error as { line?: number; column?: number; message: string };
  if (line !== undefined) return `:${line}:${column}`;
  const [, row, character] = /\(line (\d+) column (\d+)\)/.exec(message) ?? [];
  return row === undefined ? '' : `:${row}:${character}`;
}
