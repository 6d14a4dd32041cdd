import { quote } from '../rules/refusal.ts';

/** The state of the parser at a syntax error. */
export interface ErrorContext {
  /** The kind of the innermost open value. */
  readonly open: 'object' | 'array' | 'none';
  /** The last token was a colon, so a value is due. */
  readonly isAfterColon: boolean;
  /** The rest of the text from the offending token on. */
  readonly rest: string;
  /** The offending token. */
  readonly token: string;
}

/** Says what is wrong and what was expected. `code`: a name of `ParseErrorCode` of jsonc-parser. */
export function describeSyntaxError(code: string, { open, token }: ErrorContext): string {
  const found = token === '' ? 'the end of the file' : quote(token.replace(/^"|"$/g, ''));
  switch (code) {
    case 'InvalidSymbol':
      return `${found} is not JSON; names and texts need double quotes`;
    case 'InvalidNumberFormat':
    case 'UnexpectedEndOfNumber':
      return `expected a number such as 0.5 or 2e3, found ${found}`;
    case 'PropertyNameExpected':
      return `expected a name in double quotes, found ${found}`;
    case 'ColonExpected':
      return `expected ":", found ${found}`;
    case 'CommaExpected':
      return `expected "," or ${open === 'array' ? '"]"' : '"}"'}, found ${found}`;
    case 'CloseBraceExpected':
      return `expected "," or "}", found ${found}`;
    case 'CloseBracketExpected':
      return `expected "," or "]", found ${found}`;
    case 'EndOfFileExpected':
      return `expected the end of the file, found ${found}`;
    case 'InvalidCommentToken':
      return 'JSON has no comments; remove it';
    case 'UnexpectedEndOfString':
      return 'the text has no closing double quote on its line';
    case 'InvalidUnicode':
    case 'InvalidEscapeCharacter':
      return 'unknown escape; expected \\" \\\\ \\/ \\b \\f \\n \\r \\t or \\u with four hexadecimal digits';
    case 'InvalidCharacter':
      return 'the text has a control character; write it as an escape such as \\t or \\u0000';
    default:
      return `expected a value, found ${found}`;
  }
}

/**
 * Tells what an error makes unreadable: `nothing`, the current `value`, or the `structure`: it is then uncertain where
 * the rest belongs, and checking it would report consequences of this error.
 */
export function lossOf(
  code: string,
  { open, isAfterColon, rest }: ErrorContext,
): 'nothing' | 'value' | 'structure' {
  switch (code) {
    case 'InvalidCommentToken':
    case 'EndOfFileExpected':
      return 'nothing';
    case 'InvalidSymbol':
      return open === 'object' && !isAfterColon ? 'structure' : 'value';
    case 'InvalidNumberFormat':
    case 'UnexpectedEndOfNumber':
    case 'InvalidUnicode':
    case 'InvalidEscapeCharacter':
    case 'InvalidCharacter':
      return 'value';
    case 'CommaExpected':
      return (open === 'object' ? /^"/ : /^["{[\w-]/).test(rest) ? 'nothing' : 'structure';
    case 'PropertyNameExpected':
      return /^[,}]/.test(rest) ? 'nothing' : 'structure';
    case 'ValueExpected':
      if (!(open === 'array' ? /^[,\]]/ : /^[,}]/).test(rest)) return 'structure';
      return isAfterColon ? 'value' : 'nothing';
    default:
      return 'structure';
  }
}
