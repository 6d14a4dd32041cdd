import { entityPattern } from './xml-reference.ts';

/** Matches an element with everything in it, and captures its texts. */
export interface ElementPattern {
  /** Sticky. Captures each text unresolved; undefined if its element is not there. */
  readonly regExp: RegExp;
  /** Max depth of nested elements, the outermost included. */
  readonly depth: number;
  /** Max number of elements, the outermost included. */
  readonly elements: number;
}

/** The whole match and then the captured texts, references resolved. */
export type MatchedTexts = readonly (string | undefined)[];

/**
 * An element that probably comes next, without prefix and attributes. Only a guess: if the document continues with it,
 * it is read in one step, and otherwise character by character.
 */
export interface ExpectedElement {
  readonly name: string;
  /** `<name>` */
  readonly startTag: string;
  /** Matches the whole element as it is usually written; undefined if there is no usual way. */
  readonly pattern: ElementPattern | undefined;
}

/** The prediction: set by the message reader, which knows the contract, and used by the scanner. */
export interface Expectation {
  next: ExpectedElement | undefined;
  /** A learned pattern of `next`, tried before its own. */
  shape?: ElementPattern | undefined;
}

/** Characters that need no further processing. */
const characters = String.raw`[^<&\]\0-\x08\x0b-\x1f\ud800-\uffff]*`;
/** White space that needs no normalization. */
const space = String.raw`[ \t\n]*`;
/** Text up to the next tag. The number of references is bounded because each takes room on the expression's stack. */
const plainText = `(${characters}(?:${entityPattern}${characters}){0,16})`;

/** Source of a part of a pattern: an element, followed by white space or none. */
type PatternPart = string;

/** Matches an element that contains only text, and captures the text. */
export const textPart = (name: string): PatternPart => `<${name}>${plainText}</${name}>${space}`;

/** Matches an element that contains exactly this text. */
export const knownPart = (name: string, text: string): PatternPart =>
  `<${name}>${RegExp.escape(text)}</${name}>${space}`;

/** Matches an element that contains these parts, with nothing but white space between them. */
export const parentPart = (name: string, parts: readonly PatternPart[]): PatternPart =>
  `<${name}>${space}${parts.join('')}</${name}>${space}`;

/** Matches the part, or nothing. */
export const optionalPart = (part: PatternPart): PatternPart => `(?:${part})?`;

/** Returns a sticky expression for the part, without the white space behind it. */
export const partPattern = (part: PatternPart): RegExp => new RegExp(part.slice(0, -space.length), 'y');
