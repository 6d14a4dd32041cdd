import { readFileSync } from 'node:fs';
import { parse as parseToml } from 'smol-toml';
import { fileProblem } from '../server/file-problem.ts';

/**
 * Parses a config file: JSON if its name ends with `.json`, otherwise TOML. Throws a one-line `Error` that quotes
 * nothing from the file, which may contain secrets.
 */
export function readConfigContent(path: string): Readonly<Record<string, unknown>> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new Error(`cannot read the config file ${path}: ${fileProblem(path, error)}`);
  }
  let content: unknown;
  try {
    content = path.endsWith('.json') ? JSON.parse(text) : parseToml(text);
  } catch (error) {
    throw new Error(`${path}${placeOf(error)}: expected ${path.endsWith('.json') ? JSON_FORM : TOML_FORM}`);
  }
  if (typeof content === 'object' && content !== null && !Array.isArray(content)) return { ...content };
  throw new Error(`${path}: expected an object with a member for each option`);
}

const JSON_FORM = 'JSON, which has neither comments nor a comma after the last member';
const TOML_FORM =
  'TOML, such as port = 8980 or database = "sqlite:./mktows.db"; JSON is in files named .json';

/** Returns `:2:7` where a parser says line and column, in members of the error or in its message. */
function placeOf(error: unknown): string {
  const { line, column, message } = error as { line?: number; column?: number; message: string };
  if (line !== undefined) return `:${line}:${column}`;
  const [, row, character] = /\(line (\d+) column (\d+)\)/.exec(message) ?? [];
  return row === undefined ? '' : `:${row}:${character}`;
}
