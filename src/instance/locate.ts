import { placesIn } from './json.ts';
import type { Mistake, Place, PlacedMistake } from './mistakes.ts';

const beginning: Place = { line: 1, column: 1 };

/** Adds to each mistake its place in the text, and sorts them by it. */
export function locate(text: string, mistakes: readonly Mistake[]): PlacedMistake[] {
  if (mistakes.length === 0) return [];
  const places = placesIn(text, new Set(mistakes.map(({ path, at = path }) => at)));
  return mistakes
    .map(({ path, message, at = path, place = places.get(at) ?? beginning }) => ({ path, message, place }))
    .sort(({ place: a }, { place: b }) => a.line - b.line || a.column - b.column);
}
