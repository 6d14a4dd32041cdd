/**
 * What a spreadsheet takes for a formula, also in the full-width characters that it converts; and texts that would be
 * read as an empty cell.
 */
const GUARDED = /^'*(?:[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]|\s*$)/;
const NUMBER = /^[+-]?\d*\.?\d+(?:e[+-]?\d+)?$/i;

const needsGuard = (text: string): boolean => GUARDED.test(text) && !NUMBER.test(text);

/**
 * Puts an apostrophe before a text that a spreadsheet would run as a formula (CWE-1236), before one without visible
 * characters, and before one that begins with such an apostrophe, so that `unguarded` gives the same text back.
 */
export const guarded = (text: string): string => (needsGuard(text) ? `'${text}` : text);

/** Returns the text of a cell that `guarded` wrote. */
export const unguarded = (cell: string): string =>
  cell.startsWith("'") && needsGuard(cell.slice(1)) ? cell.slice(1) : cell;
