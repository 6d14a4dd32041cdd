import {
  encodingProblem,
  hasReplacement,
  InputError,
  type InputRow,
  type InputRows,
  type InputValue,
  type IsGarbled,
  MAX_ROW_BYTES,
  type MalformedRow,
} from './input.ts';

/** Reads JSON objects, one a line. Empty lines are passed over. `chunks`: text. */
export async function* readNdjson(
  chunks: AsyncIterable<string>,
  isGarbled: IsGarbled = () => true,
): InputRows {
  let rest = '';
  let line = 0;
  let row = 0;
  const read = (text: string): readonly (InputRow | MalformedRow)[] => {
    line += 1;
    if (text.trim() === '') return [];
    row += 1;
    return [readObject(row, line, text, isGarbled)];
  };
  for await (const chunk of chunks) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > MAX_ROW_BYTES) throw tooLong(line + 1);
    yield lines.flatMap(read);
  }
  yield read(rest);
}

/** Reads a JSON array of objects without keeping it in memory. A malformed object does not end it. `chunks`: text. */
export async function* readJsonArray(
  chunks: AsyncIterable<string>,
  isGarbled: IsGarbled = () => true,
): InputRows {
  let state: 'before' | 'in' | 'after' = 'before';
  let [depth, isText, isEscaped] = [0, false, false];
  let [line, startLine, row] = [1, 1, 0];
  let element = '';

  for await (const chunk of chunks) {
    const rows: (InputRow | MalformedRow)[] = [];
    let start = 0;
    const end = (at: number) => {
      const text = element + chunk.slice(start, at);
      element = '';
      if (text.trim() === '') return;
      row += 1;
      rows.push(readObject(row, startLine, text, isGarbled));
    };
    for (let at = 0; at < chunk.length; at += 1) {
      const character = chunk[at] as string;
      if (character === '\n') line += 1;
      if (isText) {
        if (isEscaped) isEscaped = false;
        else if (character === '\\') isEscaped = true;
        else if (character === '"') isText = false;
        else if (character === '\n') {
          // The text was not closed: reading goes on with the next line.
          isText = false;
          depth = 0;
          end(at);
          start = at + 1;
          startLine = line;
        }
      } else if (state !== 'in') {
        if (/\s/.test(character)) continue;
        if (state === 'after' || character !== '[') throw notAnArray(line);
        state = 'in';
        start = at + 1;
      } else if (depth === 0 && (character === ',' || character === ']')) {
        end(at);
        start = at + 1;
        if (character === ']') state = 'after';
      } else {
        if (depth === 0 && character === '{') startLine = line;
        if (character === '"') isText = true;
        else if (character === '{' || character === '[') depth += 1;
        else if (character === '}' || character === ']') depth = Math.max(0, depth - 1);
      }
    }
    if (state === 'in') element += chunk.slice(start);
    if (element.length > MAX_ROW_BYTES) throw tooLong(startLine);
    yield rows;
  }
  if (state === 'before') throw notAnArray(line);
  if (state === 'in')
    throw new InputError(`the array is not closed; its last object begins at line ${startLine}`);
}

const notAnArray = (line: number) =>
  new InputError(`line ${line}: expected an array of objects; for an object a line say --format ndjson`);

const tooLong = (line: number) =>
  new InputError(`the object at line ${line} is longer than ${MAX_ROW_BYTES} characters`);

function readObject(row: number, line: number, text: string, isGarbled: IsGarbled): InputRow | MalformedRow {
  let object: unknown;
  try {
    object = JSON.parse(text, writtenNumber as Parameters<typeof JSON.parse>[1]);
  } catch (error) {
    return { row, line, problem: (error as Error).message };
  }
  if (typeof object !== 'object' || object === null || Array.isArray(object)) {
    return { row, line, problem: 'is no object; expected { "name": value, … }' };
  }
  if (hasReplacement(text) && isGarbled()) return { row, line, problem: encodingProblem };
  const names = Object.keys(object);
  const values: InputValue[] = [];
  for (const [name, value] of Object.entries(object)) {
    if (value !== null && typeof value === 'object') {
      return { row, line, problem: `${name}: expected a text, number, true, false or null` };
    }
    values.push(value === null ? null : String(value));
  }
  return { row, line, names, values };
}

/** Keeps numbers as they are written: a double does not hold each of them. */
const writtenNumber = (_name: string, value: unknown, { source }: { readonly source?: string }): unknown =>
  typeof value === 'number' ? source : value;
