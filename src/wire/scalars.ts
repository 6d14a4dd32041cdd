import type { BuiltinName, BuiltinValues } from '../contract/declarations.ts';
import { type EnumerationName, enumerations } from '../contract/enumerations.ts';
import { escapeText, isXmlText } from './xml-text.ts';

/** Reads and writes a simple type. */
export interface Scalar<Value = unknown> {
  readonly kind: 'scalar';
  /**
   * The text is taken as it was sent, and empty text is a value. For all other types white space around the text
   * does not count, and empty text is no value.
   */
  readonly verbatim: boolean;
  /** The expected text, in words. */
  readonly expected: string;
  /** Returns the value, undefined for text of another type. */
  read(text: string): Value | undefined;
  /** Returns the value as escaped text. */
  write(value: Value): string;
}

/** An integer, maybe with a fraction of zeros, as Python writes a float and Java a Double below ten million. */
const integer = /^([+-]?[0-9]+)(?:\.0*)?$/;
/** As Java writes a Double from ten million on. */
const javaDouble = /^-?[0-9]\.[0-9]{1,16}E[0-9]{1,2}$/;
/** Returns sign and digits of an integer. */
const wholeOf = (text: string): string | undefined => integer.exec(text)?.[1];
const longest = 2n ** 63n;

const verbatim: Scalar<string> = {
  kind: 'scalar',
  verbatim: true,
  expected: 'text',
  read: (text) => text,
  write: escapeText,
};

/** Reads base64 strictly: no other characters, no missing padding, no stray bits (RFC 4648, 3). */
export function readBase64(text: string): Buffer | undefined {
  const compact = /\s/.test(text) ? text.replace(/[ \t\r\n]+/g, '') : text;
  const bytes = Buffer.from(compact, 'base64');
  return bytes.toString('base64') === compact ? bytes : undefined;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const windows1252 = new TextDecoder('windows-1252');

/**
 * Reads text that was sent as base64; undefined when it is not, or is no text that XML can hold. SOAP::Lite sends the
 * bytes of a Perl string so: UTF-8, or Latin-1 for a string that Perl holds in that form. Bytes that are not UTF-8
 * are read as windows-1252.
 */
export function readBase64Text(text: string): string | undefined {
  const bytes = readBase64(text);
  if (bytes === undefined) return undefined;
  const decoded = decodeUtf8(bytes) ?? windows1252.decode(bytes);
  return isXmlText(decoded) ? decoded : undefined;
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

/** XML Schema's own simple types. */
export const builtins: { readonly [Name in BuiltinName]: Scalar<BuiltinValues[Name]> } = {
  string: verbatim,
  anySimpleType: verbatim,
  int: {
    kind: 'scalar',
    verbatim: false,
    expected: 'an integer from -2147483648 to 2147483647',
    read(text) {
      const value = Number(wholeOf(text) ?? (javaDouble.test(text) ? text : Number.NaN));
      if (!Number.isInteger(value)) return undefined;
      return value >= -2147483648 && value <= 2147483647 ? value + 0 : undefined;
    },
    write: String,
  },
  long: {
    kind: 'scalar',
    verbatim: false,
    expected: 'an integer from -9223372036854775808 to 9223372036854775807',
    read(text) {
      const value = BigInt(wholeOf(text) ?? longest);
      return value >= -longest && value < longest ? value : undefined;
    },
    write: String,
  },
  integer: {
    kind: 'scalar',
    verbatim: false,
    expected: 'an integer',
    read(text) {
      const whole = wholeOf(text);
      return whole === undefined ? undefined : BigInt(whole);
    },
    write: String,
  },
  boolean: {
    kind: 'scalar',
    verbatim: false,
    expected: 'true, false, 1 or 0',
    read(text) {
      if (text === 'true' || text === '1') return true;
      return text === 'false' || text === '0' ? false : undefined;
    },
    write: String,
  },
  dateTime: {
    kind: 'scalar',
    verbatim: false,
    expected: 'a date and time',
    read: (text) => text,
    write: escapeText,
  },
  base64Binary: {
    kind: 'scalar',
    verbatim: false,
    expected: 'base64',
    read: readBase64,
    write: (value) => Buffer.from(value.buffer, value.byteOffset, value.length).toString('base64'),
  },
};

function enumeration(values: readonly string[]): Scalar<string> {
  const known = new Set(values);
  return {
    kind: 'scalar',
    verbatim: false,
    expected: `one of ${values.join(', ')}`,
    read: (text) => (known.has(text) ? text : undefined),
    write: escapeText,
  };
}

const scalars = new Map<string, Scalar>([
  ...(Object.entries(builtins) as [BuiltinName, Scalar][]),
  ...(Object.keys(enumerations) as EnumerationName[]).map((name): [string, Scalar] => [
    name,
    enumeration(enumerations[name]),
  ]),
]);

/** Returns the simple type of that name; undefined if there is none. */
export function scalarNamed(name: string): Scalar | undefined {
  return scalars.get(name);
}
