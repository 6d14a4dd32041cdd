import { entityPattern } from './xml-reference.ts';

/**
 * An element that is likely to come next, without a prefix and without attributes. It is only ever a guess: where
 * the document begins with it, it is not read letter by letter, and anything else is read as ever.
 */
export interface ExpectedElement {
  readonly name: string;
  /** `<name>` */
  readonly startTag: string;
  /** All of the element, if there may be nothing but text in it and in its children; see `wholeElement`. */
  readonly whole: RegExp | undefined;
}

/** What is expected, told by whoever knows what the document is about and looked at by whoever reads it. */
export interface Expectation {
  next: ExpectedElement | undefined;
}

/** Characters that stand for themselves. */
const characters = String.raw`[^<&\]\0-\x08\x0b-\x1f\ud800-\uffff]*`;
/** White space that stands for itself. */
const space = String.raw`[ \t\n]*`;
/** Text up to the next tag. It has a few references at most, since those take room on the expression's stack. */
const plainText = `(${characters}(?:${entityPattern}${characters}){0,16})`;

/** Matches an element that has only plain text in it, which it captures, references as they are written. */
export function wholeElement(name: string): RegExp {
  return new RegExp(`<${name}>${plainText}</${name}>`, 'y');
}

/**
 * Matches an element with some of these children in this order, and nothing but white space between them. Captures
 * the plain text of each child that is there.
 */
export function wholeParent(name: string, children: readonly string[]): RegExp {
  const each = children.map((child) => `(?:<${child}>${plainText}</${child}>${space})?`);
  return new RegExp(`<${name}>${space}${each.join('')}</${name}>`, 'y');
}
