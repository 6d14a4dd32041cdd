/** Where a document that is read in pieces says something, for messages. */
export interface Places {
  /** This text is read now; it begins where the last one was passed to. */
  look(text: string): void;
  /** So much of it has been read; more follows. */
  pass(length: number): void;
  /** The place of the character at that index of the text, -1 for the one before it: "line 2, column 7", from 1. */
  at(index: number): string;
}

/** The lesser of two indexes of which -1 means none; beyond any text if both are. */
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
    // Forwards, from one line end to the next: most documents have few, and searching backwards is slow.
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
    look(next) {
      text = next;
    },
    pass(length) {
      ({ line, column } = placeOf(length));
    },
    at(index) {
      const place = placeOf(index);
      return `line ${place.line}, column ${place.column}`;
    },
  };
}
