/** What windows-1252 has at 0x80 to 0x9F; the five bytes that it leaves open stand for themselves (WHATWG). */
const high =
  '\u20ac\u0081\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u008d\u017d\u008f' +
  '\u0090\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u009d\u017e\u0178';

/**
 * Text of bytes in windows-1252, which is what ISO-8859-1 and US-ASCII mean in the WHATWG Encoding Standard. Not
 * left to TextDecoder, which in some releases of Node reads the range 0x80 to 0x9F as control characters.
 */
export function decodeWindows1252(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  return text.replace(/[\u0080-\u009f]/g, (c) => high.charAt(c.charCodeAt(0) - 0x80));
}
