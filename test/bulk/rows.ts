import type { InputRow, InputRows, MalformedRow } from '../../src/bulk/input.ts';

/** Cuts a text into pieces of this many characters. */
export async function* pieces(text: string, size = 7): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
}

/** The same, as bytes. */
export async function* bytePieces(text: string, size = 7): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

export async function all(rows: InputRows): Promise<(InputRow | MalformedRow)[]> {
  const read: (InputRow | MalformedRow)[] = [];
  for await (const some of rows) read.push(...some);
  return read;
}

/** Rows in short: line and values, or line and problem. */
export async function inShort(rows: InputRows): Promise<unknown[][]> {
  return (await all(rows)).map((row) =>
    'problem' in row ? [row.line, row.problem] : [row.line, ...row.values],
  );
}
