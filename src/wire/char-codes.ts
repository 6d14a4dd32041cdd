/** Returned instead of the index behind a part (a tag, a comment, a reference) that is cut off at the end of the text. */
export const CUT_OFF = -1;

/** Refuses the text as not well-formed: what is wrong, and at which index. */
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
/** The first surrogate. Each unit from SPACE up to here is a complete XML character. */
export const SURROGATES = 0xd800;
