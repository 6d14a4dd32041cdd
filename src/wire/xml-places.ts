/** Where a document that is read in pieces says something, for messages. */
export interface Places {
  /** This text is read now; it begins where the last one was passed to. */
  look(text: string): void;
  /** So much of it has been read; more follows. */
  pass(length: number): void;
  /** The place of the character at that index of the text, -1 for the one before it: "line 2, column 7", from 1. */
  at(index: number): string;
}

function occurrences(text: string, part: string, end: number): number {
  let count = 0;
  for (let at = text.indexOf(part); at >= 0 && at < end; at = text.indexOf(part, at + part.length)) count++;
  return count;
}

/** Counts lines as XML does, by `\n`, `\r\n` and `\r`, and columns in UTF-16 units. */
export function createPlaces(): Places {
  let text = '';
  let line = 1;
  let column = 1;

  function placeOf(index: number): { line: number; column: number } {
    if (index < 0) return { line, column: Math.max(1, column + index) };
    const lineEnds =
      occurrences(text, '\n', index) + occurrences(text, '\r', index) - occurrences(text, '\r\n', index - 1);
    const lastEnd =
      index === 0 ? -1 : Math.max(text.lastIndexOf('\n', index - 1), text.lastIndexOf('\r', index - 1));
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
