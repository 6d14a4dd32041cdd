/** Instead of the index behind a part of a document (a tag, a comment, a reference): the text ends before it does. */
export const CUT_OFF = -1;

/** Refuses a text as not well-formed: what is wrong, at which index of it. */
export type Malformed = (what: string, index: number) => never;

export const ILLEGAL = 'a character that XML 1.0 does not allow here';

export const LESS = 0x3c;
export const GREATER = 0x3e;
export const SLASH = 0x2f;
export const BANG = 0x21;
export const QUESTION = 0x3f;
export const AMPERSAND = 0x26;
export const BRACKET = 0x5d;
export const RETURN = 0x0d;
export const LINE_FEED = 0x0a;
export const TAB = 0x09;
export const SPACE = 0x20;
export const EQUALS = 0x3d;
export const QUOTE = 0x22;
export const APOSTROPHE = 0x27;
/** The first code of half a character; below it, and from space on, each is a whole one of XML. */
export const SURROGATES = 0xd800;
