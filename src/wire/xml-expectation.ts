import { entityPattern } from './xml-reference.ts';

/** What matches an element as a whole: with all that is in it, of which it captures the texts. */
export interface ElementPattern {
  /** Sticky. Captures each text as it is written, references included; undefined: its element is not there. */
  readonly regExp: RegExp;
  /** So many elements are in each other at most, the outermost included. */
  readonly depth: number;
  /** So many elements it has at most. */
  readonly elements: number;
}

/** All that a pattern matched, and the texts that it captured, references resolved. */
export type MatchedTexts = readonly (string | undefined)[];

/**
 * An element that is likely to come next, without a prefix and without attributes. It is only ever a guess: where
 * the document begins with it, it is not read letter by letter, and anything else is read as ever.
 */
export interface ExpectedElement {
  readonly name: string;
  /** `<name>` */
  readonly startTag: string;
  /** Matches all of it, where it is written as it mostly is; undefined: it is written in many ways. */
  readonly pattern: ElementPattern | undefined;
}

/** What is expected, told by whoever knows what the document is about and looked at by whoever reads it. */
export interface Expectation {
  next: ExpectedElement | undefined;
  /** A guess at all of `next`, where it was seen before that such elements are alike. */
  shape?: ElementPattern | undefined;
}

/** Characters that stand for themselves. */
const characters = String.raw`[^<&\]\0-\x08\x0b-\x1f\ud800-\uffff]*`;
/** White space that stands for itself. */
const space = String.raw`[ \t\n]*`;
/** Text up to the next tag. It has a few references at most, since those take room on the expression's stack. */
const plainText = `(${characters}(?:${entityPattern}${characters}){0,16})`;

/** A part of a pattern: an element, or what is in one. White space may stand behind it. */
type PatternPart = string;

/** An element that has only plain text in it, which is captured. */
export const textPart = (name: string): PatternPart => `<${name}>${plainText}</${name}>${space}`;

/** An element that has just this text in it. */
export const knownPart = (name: string, text: string): PatternPart =>
  `<${name}>${RegExp.escape(text)}</${name}>${space}`;

/** An element that has these parts in it, and nothing but white space between them. */
export const parentPart = (name: string, parts: readonly PatternPart[]): PatternPart =>
  `<${name}>${space}${parts.join('')}</${name}>${space}`;

/** The part, or nothing. */
export const optionalPart = (part: PatternPart): PatternPart => `(?:${part})?`;

/** Matches this part where it stands. White space behind it is left to who reads on. */
export const partPattern = (part: PatternPart): RegExp => new RegExp(part.slice(0, -space.length), 'y');
