/** A header and the field of its column; an empty text for none. */
export type Mapping = readonly [header: string, target: string];

/** Reads `Close Date=CloseDate`. Throws `RangeError` if there is no `=`. */
export function readMapping(written: string): Mapping {
  const at = written.lastIndexOf('=');
  if (at < 1) throw new RangeError('Expected "header=field", such as "Close Date=CloseDate".');
  return [written.slice(0, at).trim(), written.slice(at + 1).trim()];
}
