import { SoapFault } from '../contract/faults.ts';
import { GREATER, QUESTION } from './char-codes.ts';
import type { TextDecoding, TextSink } from './text-sink.ts';
import { asBuffer, createUtf8Decoding } from './utf8-decoding.ts';
import { isSpace } from './xml-characters.ts';
import { LONGEST_DECLARATION } from './xml-declaration.ts';

const nothing: Buffer = Buffer.alloc(0);

const utf8 = 'utf-8';
const utf16le = 'utf-16le';
const utf16be = 'utf-16be';
const isUtf16 = (encoding: string | undefined) => encoding === utf16le || encoding === utf16be;

/**
 * Returns the encoding's name in the WHATWG Encoding Standard, by which ISO-8859-1 and US-ASCII mean windows-1252;
 * undefined for an unknown label.
 */
function canonical(label: string): string | undefined {
  if (label.toLowerCase() === utf8) return utf8;
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return undefined;
  }
}

/** Returns the charset that a Content-Type names, '' for none. */
function charsetOf(contentType: string | undefined): string {
  const parameter = /;\s*charset\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s;,]*))/i.exec(contentType ?? '');
  return (parameter?.[1] ?? parameter?.[2] ?? parameter?.[3] ?? '').trim();
}

function startsWith(bytes: Buffer, ...start: number[]): boolean {
  return start.every((byte, index) => bytes[index] === byte);
}

/** Returns the byte order mark's encoding and length, '' for none, or undefined when more bytes are needed to tell. */
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

const DECLARATION_START = Buffer.from('<?xml');

/** Returns the encoding that the XML declaration names, '' for none; undefined when more bytes are needed to tell. */
function declaredEncoding(head: Buffer): string | undefined {
  const limit = Math.min(head.length, LONGEST_DECLARATION);
  let at = 0;
  while (at < limit && at < DECLARATION_START.length && head[at] === DECLARATION_START[at]) at++;
  if (at === limit) return undefined;
  if (at < DECLARATION_START.length || !isSpace(head[at] ?? 0)) return '';
  // Byte by byte: turning the head into a string takes longer.
  while (at + 1 < limit && !(head[at] === QUESTION && head[at + 1] === GREATER)) at++;
  if (at + 1 >= limit) return limit < LONGEST_DECLARATION ? undefined : '';
  const declared = /\sencoding\s*=\s*(?:"([^"]*)"|'([^']*)')/.exec(head.toString('latin1', 0, at));
  return declared?.[1] ?? declared?.[2] ?? '';
}

/**
 * Returns the encoding of a document and the length of its byte order mark: the mark, then the XML declaration, then
 * the Content-Type's charset, then UTF-8. Undefined when more bytes are needed to tell. A document begins with "<" or
 * white space, so a zero among its first two bytes says that it is UTF-16 and in which order; without one it is not
 * UTF-16, whatever its labels say.
 */
function detect(head: Buffer, charset: string, final: boolean) {
  const mark = byteOrderMark(head);
  if (mark === undefined && !final) return undefined;
  if (mark !== undefined && mark.length > 0) return mark;

  if (head.length < 2 && !final) return undefined;
  if (head[1] === 0 && head[0] !== 0) return { encoding: utf16le, length: 0 };
  if (head[0] === 0) return { encoding: utf16be, length: 0 };
  const declared = declaredEncoding(head);
  if (declared === undefined && !final) return undefined;
  return { encoding: encodingByLabels(declared ?? '', charset), length: 0 };
}

/** Returns the encoding of bytes that are not UTF-16, by their labels. Throws `SoapFault` 20012 for an unknown one. */
function encodingByLabels(declared: string, charset: string): string {
  if (declared !== '') {
    const encoding = canonical(declared);
    if (encoding === undefined) {
      throw new SoapFault(20012, `The XML declaration names an unknown charset, "${declared}"; send UTF-8`);
    }
    if (!isUtf16(encoding)) return encoding;
  }
  const encoding = canonical(charset);
  return encoding === undefined || isUtf16(encoding) ? utf8 : encoding;
}

function decodingFor(encoding: string, sink: TextSink): TextDecoding {
  if (encoding === utf8) return createUtf8Decoding(sink);
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

/** Decodes a document's bytes strictly: bytes that are invalid in its encoding are fault 20012. */
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
      // The first piece is nearly always enough, so it is copied only if it is not.
      const own = head.length > 0;
      head = own ? Buffer.concat([head, bytes]) : asBuffer(bytes);
      if (begin(false) === undefined && !own) head = Buffer.from(head);
    },
    end() {
      (decoding ?? begin(true))?.end();
    },
  };
}
