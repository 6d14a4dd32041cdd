import type { ElementPattern } from './xml-expectation.ts';

/** Shapes kept per element; beyond that they are learned anew. */
const MAX_SHAPES = 16;
/** Shapes learned per document. Each is a regular expression, which takes time to compile. */
export const MAX_LEARNED = 2;
/** A wrong guess costs about as much time as this many right ones save. */
const MISS_COST = 5;
/** Guessing pauses when wrong guesses have used this up and right ones have not earned it back. */
const FULL_CREDIT = 15;
/** Items read without a guess before guessing is tried again. */
const PAUSE = 1000;

/** The shapes that a list's items had in earlier documents, used only to guess the shape of the next item. */
export interface KnownShapes {
  readonly byForm: Map<string, ElementPattern>;
  /** The shape of the last item whose form has one. */
  last: ElementPattern | undefined;
  /** The form of the last item that was looked at. */
  lastForm: string;
  credit: number;
  /** Items still to be read without a guess. */
  pause: number;
}

export const createKnownShapes = (): KnownShapes => ({
  byForm: new Map(),
  last: undefined,
  lastForm: '',
  credit: FULL_CREDIT,
  pause: 0,
});

/** Returns the shape that the next item most likely has. */
export const likelyShape = ({ last, pause }: KnownShapes): ElementPattern | undefined =>
  pause > 0 ? undefined : last;

/** Notes that the guess was right. */
export function noteHit(shapes: KnownShapes): void {
  if (shapes.credit < FULL_CREDIT) shapes.credit++;
}

/** Notes an item that the guess did not match, or that there was no guess for. */
export function noteMiss(shapes: KnownShapes): void {
  if (shapes.last !== undefined) shapes.credit -= MISS_COST;
  if (shapes.credit < 0) {
    shapes.pause = PAUSE;
    shapes.credit = FULL_CREDIT;
  }
}

export function addShape(shapes: KnownShapes, form: string, shape: ElementPattern): void {
  if (shapes.byForm.size === MAX_SHAPES) shapes.byForm.clear();
  shapes.byForm.set(form, shape);
}
