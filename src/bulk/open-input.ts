import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { InputError, type InputFormat, type InputRows, type IsGarbled } from './input.ts';
import { readCsv } from './read-csv.ts';
import { readJsonArray, readNdjson } from './read-json.ts';

export interface InputOptions {
  /** `-` is standard input. */
  readonly file: string;
  readonly format: InputFormat;
  /** Undefined: that of the format, or of the line of headers. */
  readonly delimiter: string | undefined;
  /** A label of the Encoding Standard: utf-8, utf-16le, windows-1252, … */
  readonly encoding: string;
}

/** An input that is being read. */
export interface Input {
  readonly rows: InputRows;
  /** Bytes in all; undefined for standard input. */
  readonly size: number | undefined;
  /** Bytes that were read so far. */
  readonly bytesRead: number;
}

/** Opens an input. Byte order marks of UTF-8 and UTF-16 are understood. Rejects if the file is not there. */
export async function openInput({ file, format, delimiter, encoding }: InputOptions): Promise<Input> {
  const found = file === '-' ? undefined : await stat(file);
  if (found?.isDirectory()) throw new InputError(`${file} is a folder; expected a file`);
  const stream: AsyncIterable<Buffer> = file === '-' ? process.stdin : createReadStream(file);
  let bytesRead = 0;
  async function* counted(): AsyncGenerator<Buffer> {
    for await (const chunk of stream) {
      bytesRead += chunk.length;
      yield chunk;
    }
  }
  let isGarbled = false;
  const text = decoded(counted(), encoding, () => {
    isGarbled = true;
  });
  return {
    rows: read(text, format, delimiter, () => isGarbled),
    size: found?.isFile() ? found.size : undefined,
    get bytesRead() {
      return bytesRead;
    },
  };
}

function read(
  text: AsyncIterable<string>,
  format: InputFormat,
  delimiter: string | undefined,
  isGarbled: IsGarbled,
): InputRows {
  if (format === 'ndjson') return readNdjson(text, isGarbled);
  if (format === 'json') return readJsonArray(text, isGarbled);
  return readCsv(encoded(text), delimiter ?? (format === 'tsv' ? '\t' : undefined), isGarbled);
}

/** `garbled`: called once bytes are not of the encoding; before the text of them is yielded. */
async function* decoded(
  chunks: AsyncIterable<Buffer>,
  encoding: string,
  garbled: () => void,
): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined;
  let strict: TextDecoder | undefined;
  const check = (chunk: Buffer, stream: boolean) => {
    try {
      strict?.decode(chunk, { stream });
    } catch {
      strict = undefined;
      garbled();
    }
  };
  for await (const chunk of chunks) {
    if (decoder === undefined) {
      const label = markedEncoding(chunk) ?? encoding;
      decoder = new TextDecoder(label);
      strict = new TextDecoder(label, { fatal: true });
    }
    check(chunk, true);
    yield decoder.decode(chunk, { stream: true });
  }
  check(Buffer.alloc(0), false);
  yield decoder?.decode() ?? '';
}

/** The encoding of a byte order mark: Excel's "Unicode text" is UTF-16 with one. */
function markedEncoding(first: Buffer): string | undefined {
  if (first[0] === 0xff && first[1] === 0xfe) return 'utf-16le';
  if (first[0] === 0xfe && first[1] === 0xff) return 'utf-16be';
  return first[0] === 0xef && first[1] === 0xbb && first[2] === 0xbf ? 'utf-8' : undefined;
}

async function* encoded(text: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  for await (const chunk of text) if (chunk !== '') yield Buffer.from(chunk);
}
