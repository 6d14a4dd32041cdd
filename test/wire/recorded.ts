import { readdirSync, readFileSync } from 'node:fs';

const folder = new URL('../recorded/', import.meta.url);

/** A request as a real client sent it. */
export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body without its chunks, but still in its Content-Encoding. */
  readonly body: Buffer;
}

/** Names of the recorded requests: the client, then what the request shows. */
export const recordedNames: readonly string[] = readdirSync(folder)
  .filter((file) => file.endsWith('.http'))
  .map((file) => file.slice(0, -'.http'.length))
  .sort();

function withoutChunks(bytes: Buffer): Buffer {
  const chunks: Buffer[] = [];
  let at = 0;
  for (;;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    const length = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16);
    if (length === 0) return Buffer.concat(chunks);
    chunks.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + length));
    at = lineEnd + 2 + length + 2;
  }
}

/** Reads one recorded request. */
export function readRecorded(name: string): RecordedRequest {
  const bytes = readFileSync(new URL(`${name}.http`, folder));
  const end = bytes.indexOf('\r\n\r\n');
  const [requestLine = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n');
  const [method = '', path = ''] = requestLine.split(' ');
  const headers = Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  const rest = bytes.subarray(end + 4);
  const body =
    headers['transfer-encoding'] === 'chunked'
      ? withoutChunks(rest)
      : rest.subarray(0, Number(headers['content-length']));
  return { method, path, headers, body };
}
