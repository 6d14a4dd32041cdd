import { readSync } from 'node:fs';

/** A line of a file. */
export interface FileLine {
  /** Its place in the file, in bytes. */
  readonly start: number;
  /** With its line end, unless the file ends before. */
  readonly bytes: Buffer;
}

const CHUNK = 256 * 1024;
const LINE_END = 10;

/** Reads a file line by line. */
export function* linesOf(fd: number): Generator<FileLine> {
  const chunk = Buffer.alloc(CHUNK);
  let rest: Buffer = Buffer.alloc(0);
  let start = 0;
  for (let at = 0; ; ) {
    const read = readSync(fd, chunk, 0, CHUNK, at);
    if (read === 0) break;
    at += read;
    const block = Buffer.concat([rest, chunk.subarray(0, read)]);
    let from = 0;
    for (let end = block.indexOf(LINE_END); end !== -1; end = block.indexOf(LINE_END, from)) {
      yield { start: start + from, bytes: block.subarray(from, end + 1) };
      from = end + 1;
    }
    rest = block.subarray(from);
    start += from;
  }
  if (rest.length > 0) yield { start, bytes: rest };
}

/** Returns a function that reads the line at a place; places that are close to each other are read together. */
export function createLineReader(fd: number): (start: number) => Buffer {
  let chunk = Buffer.alloc(CHUNK);
  let [from, length] = [0, 0];

  function load(start: number): void {
    from = start;
    length = readSync(fd, chunk, 0, chunk.length, start);
  }

  return (start) => {
    const isLoaded = start >= from && start < from + length;
    let end = isLoaded ? chunk.indexOf(LINE_END, start - from) : -1;
    if (end === -1 || end >= length) {
      load(start);
      end = chunk.indexOf(LINE_END);
      while ((end === -1 || end >= length) && length === chunk.length) {
        chunk = Buffer.alloc(chunk.length * 2);
        load(start);
        end = chunk.indexOf(LINE_END);
      }
    }
    return chunk.subarray(start - from, end + 1);
  };
}
