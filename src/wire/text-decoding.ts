import { SoapFault } from '../contract/faults.ts';
import { asBuffer, createUtf8Decoding } from './utf8-decoding.ts';
import { decodeWindows1252 } from './windows-1252.ts';

/** Where decoded text goes. `invalid` refuses the document at the place up to which text was handed over. */
export interface TextSink {
  text(text: string): void;
  invalid(what: string): never;
}

/** Turns bytes, in pieces cut anywhere, into text. Both methods throw `SoapFault` 20012. */
export interface TextDecoding {
  write(bytes: Uint8Array): void;
  end(): void;
}

/** A declaration that is longer than this is not looked into for an encoding. */
const longestDeclaration = 1024;

const nothing: Buffer = Buffer.alloc(0);

const utf8 = 'utf-8';
const utf16le = 'utf-16le';
const utf16be = 'utf-16be';
const isUtf16 = (encoding: string) => encoding === utf16le || encoding === utf16be;

/** The encoding's name in the WHATWG Encoding Standard, by which ISO-8859-1 and US-ASCII mean windows-1252. */
function canonical(label: string, source: string): string {
  if (label.toLowerCase() === utf8) return utf8;
  try {
    return new TextDecoder(label).encoding;
  } catch (cause) {
    throw new SoapFault(20012, `The ${source} names an unknown charset, "${label}"; send UTF-8`, { cause });
  }
}

function charsetOf(contentType: string | undefined): string | undefined {
  const parameter = /;\s*charset\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s;]*))/i.exec(contentType ?? '');
  const label = parameter?.[1] ?? parameter?.[2] ?? parameter?.[3] ?? '';
  return label.trim() === '' ? undefined : label.trim();
}

function startsWith(bytes: Buffer, ...start: number[]): boolean {
  return start.every((byte, index) => bytes[index] === byte);
}

/** The byte order mark: its encoding and length, '' for none, or undefined when more bytes are needed to tell. */
function byteOrderMark(head: Buffer): { encoding: string; length: number } | undefined {
  if (startsWith(head, 0xef, 0xbb, 0xbf)) return { encoding: utf8, length: 3 };
  if (startsWith(head, 0xff, 0xfe)) return { encoding: utf16le, length: 2 };
  if (startsWith(head, 0xfe, 0xff)) return { encoding: utf16be, length: 2 };
  const mayBecomeOne =
    head.length < 2
      ? head.length === 0 || head[0] === 0xef || head[0] === 0xff || head[0] === 0xfe
      : head.length === 2 && startsWith(head, 0xef, 0xbb);
  return mayBecomeOne ? undefined : { encoding: '', length: 0 };
}

/** What the XML declaration says; '' for nothing, undefined when more bytes are needed to tell. */
function declaredEncoding(head: Buffer): string | undefined {
  const text = head.toString('latin1', 0, longestDeclaration);
  if (!text.startsWith('<?xml')) return '<?xml'.startsWith(text) ? undefined : '';
  const end = text.indexOf('?>');
  if (end < 0) return text.length < longestDeclaration ? undefined : '';
  const declared = /\sencoding\s*=\s*(?:"([^"]*)"|'([^']*)')/.exec(text.slice(0, end));
  return declared?.[1] ?? declared?.[2] ?? '';
}

/**
 * The encoding of a document and the length of its byte order mark: the mark, then the Content-Type's charset,
 * then the first bytes (UTF-16) or the XML declaration, then UTF-8 (RFC 7303, 3; XML 1.0, appendix F). Undefined
 * when more bytes are needed to tell.
 */
function detect(head: Buffer, charset: string | undefined, final: boolean) {
  const mark = byteOrderMark(head);
  if (mark === undefined && !final) return undefined;
  if (mark !== undefined && mark.length > 0) return mark;

  if (charset !== undefined) {
    const encoding = canonical(charset, 'Content-Type');
    const leavesOrderOpen = encoding === utf16le && charset.toLowerCase() !== utf16le;
    return { encoding: leavesOrderOpen && head[0] === 0 ? utf16be : encoding, length: 0 };
  }

  if (head.length < 2 && !final) return undefined;
  if (startsWith(head, 0x3c, 0)) return { encoding: utf16le, length: 0 };
  if (startsWith(head, 0, 0x3c)) return { encoding: utf16be, length: 0 };
  const declared = declaredEncoding(head);
  if (declared === undefined && !final) return undefined;
  if (declared === undefined || declared === '') return { encoding: utf8, length: 0 };
  const encoding = canonical(declared, 'XML declaration');
  if (isUtf16(encoding)) {
    throw new SoapFault(20012, `The XML declaration says "${declared}", but the document is not in UTF-16`);
  }
  return { encoding, length: 0 };
}

function decodingFor(encoding: string, sink: TextSink): TextDecoding {
  if (encoding === utf8) return createUtf8Decoding(sink);
  if (encoding === 'windows-1252') {
    return { write: (bytes) => sink.text(decodeWindows1252(bytes)), end: () => {} };
  }
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  const decode = (bytes?: Uint8Array) => {
    try {
      return bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true });
    } catch (cause) {
      throw new SoapFault(20012, `The bytes are not valid ${encoding}`, { form: 'malformed', cause });
    }
  };
  return { write: (bytes) => sink.text(decode(bytes)), end: () => sink.text(decode()) };
}

/** Decodes a document's bytes strictly; bytes that its encoding does not have are fault 20012. */
export function createTextDecoding(contentType: string | undefined, sink: TextSink): TextDecoding {
  const charset = charsetOf(contentType);
  let head = nothing;
  let decoding: TextDecoding | undefined;

  function begin(final: boolean): TextDecoding | undefined {
    const found = detect(head, charset, final);
    if (found === undefined) return undefined;
    decoding = decodingFor(found.encoding, sink);
    decoding.write(found.length === 0 ? head : head.subarray(found.length));
    head = nothing;
    return decoding;
  }

  return {
    write(bytes) {
      if (decoding !== undefined) return decoding.write(bytes);
      // The first piece is nearly always enough, and need not be copied then.
      const own = head.length > 0;
      head = own ? Buffer.concat([head, bytes]) : asBuffer(bytes);
      if (begin(false) === undefined && !own) head = Buffer.from(head);
    },
    end() {
      (decoding ?? begin(true))?.end();
    },
  };
}
