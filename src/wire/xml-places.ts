/** Finds line and column in a document that is read in pieces. */
export interface Places {
  /** Sets the text being read, which begins where `advance` ended. */
  setText(text: string): void;
  /** Notes that this much of the text has been read. */
  advance(length: number): void;
  /** Returns the place of an index of the text, -1 for the character before it: "line 2, column 7", both from 1. */
  describe(index: number): string;
}

/** Returns the lesser of two indexes, of which -1 means none; infinity if there is none. */
const nextOf = (a: number, b: number) =>
  a < 0 ? (b < 0 ? Number.POSITIVE_INFINITY : b) : b < 0 ? a : Math.min(a, b);

/** Counts lines as XML does, by `\n`, `\r\n` and `\r`, and columns in UTF-16 units. */
export function createPlaces(): Places {
  let text = '';
  let line = 1;
  let column = 1;

  function placeOf(index: number): { line: number; column: number } {
    if (index < 0) return { line, column: Math.max(1, column + index) };
    let lineEnds = 0;
    let lastEnd = -1;
    let feed = text.indexOf('\n');
    let carriage = text.indexOf('\r');
    // Forward from one line end to the next: most documents have few, and lastIndexOf is slow.
    for (let end = nextOf(feed, carriage); end < index; end = nextOf(feed, carriage)) {
      if (end === carriage && feed === carriage + 1 && feed < index) lastEnd = feed;
      else lastEnd = end;
      lineEnds++;
      if (feed >= 0 && feed <= lastEnd) feed = text.indexOf('\n', lastEnd + 1);
      if (carriage >= 0 && carriage <= lastEnd) carriage = text.indexOf('\r', lastEnd + 1);
    }
    return { line: line + lineEnds, column: lastEnd < 0 ? column + index : index - lastEnd };
  }

  return {
    setText(next) {
      text = next;
    },
    advance(length) {
      ({ line, column } = placeOf(length));
    },
    describe(index) {
      const place = placeOf(index);
      return `line ${place.line}, column ${place.column}`;
    },
  };
}
