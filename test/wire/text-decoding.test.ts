import { describe, expect, test } from 'vitest';
import { createTextDecoding } from '../../src/wire/text-decoding.ts';
import { decode, decodeValue, faultOf, mObjectWith, soap } from './decoding.ts';

const xml = (encoding: string, value: string) =>
  `<?xml version="1.0" encoding="${encoding}"?><v>${value}</v>`;
const utf16be = (text: string) => Buffer.from(text, 'utf16le').swap16();
const bytes = (...parts: (string | Buffer | number[])[]) =>
  Buffer.concat(parts.map((part) => (Array.isArray(part) ? Buffer.from(part) : Buffer.from(part as Buffer))));

/** The text of bytes that are given in pieces of that length. */
function text(document: Buffer, contentType?: string, pieceLength = document.length): string {
  let read = '';
  const decoding = createTextDecoding(contentType, {
    text: (piece) => {
      read += piece;
    },
    invalid: (what) => {
      throw new Error(what);
    },
  });
  for (let at = 0; at < document.length; at += pieceLength)
    decoding.write(document.subarray(at, at + pieceLength));
  decoding.end();
  return read;
}

const snow = '<v>é€☃😀</v>';
const xmlType = (charset: string) => `text/xml; charset=${charset}`;

describe('the encoding is found', () => {
  test.each<[string, Buffer, string | undefined, string]>([
    ['UTF-8 when nothing is said', bytes(snow), undefined, snow],
    ['UTF-8 by its byte order mark', bytes([0xef, 0xbb, 0xbf], snow), undefined, snow],
    ['UTF-16LE by its byte order mark', bytes([0xff, 0xfe], Buffer.from(snow, 'utf16le')), undefined, snow],
    ['UTF-16BE by its byte order mark', bytes([0xfe, 0xff], utf16be(snow)), undefined, snow],
    ['UTF-16LE by its first bytes', Buffer.from(snow, 'utf16le'), undefined, snow],
    ['UTF-16BE by its first bytes', utf16be(snow), undefined, snow],
    ['UTF-16LE by the Content-Type', Buffer.from(snow, 'utf16le'), xmlType('utf-16le'), snow],
    ['UTF-16BE by the Content-Type', utf16be(snow), xmlType('UTF-16BE'), snow],
    ['UTF-16 by the Content-Type, little-endian', Buffer.from(snow, 'utf16le'), xmlType('utf-16'), snow],
    ['UTF-16 by the Content-Type, big-endian', utf16be(snow), xmlType('utf-16'), snow],
    ['UTF-8 by the Content-Type', bytes(snow), xmlType('UTF-8'), snow],
    ['a charset in quotes', bytes('<v>', [0xe9], '</v>'), xmlType('"iso-8859-1"'), '<v>é</v>'],
    [
      'a charset behind other parameters',
      bytes('<v>', [0xe9], '</v>'),
      'text/xml; a=b ;Charset = latin1; c=d',
      '<v>é</v>',
    ],
    ['an empty charset, as none', bytes(snow), xmlType(''), snow],
    [
      'ISO-8859-1 by the declaration',
      bytes('<?xml version="1.0" encoding="ISO-8859-1"?><v>', [0xe9], '</v>'),
      'text/xml',
      xml('ISO-8859-1', 'é'),
    ],
    [
      'an encoding in single quotes',
      bytes("<?xml version='1.0' encoding = 'iso-8859-15'?><v>", [0xa4], '</v>'),
      undefined,
      "<?xml version='1.0' encoding = 'iso-8859-15'?><v>€</v>",
    ],
    [
      'ISO-8859-1 as windows-1252',
      bytes('<v>', [0x80, 0x92, 0x81], '</v>'),
      xmlType('ISO-8859-1'),
      '<v>€’\u0081</v>',
    ],
    ['US-ASCII', bytes('<v>a</v>'), xmlType('us-ascii'), '<v>a</v>'],
    ['Shift_JIS', bytes('<v>', [0x8a, 0xbf, 0x8e, 0x9a], '</v>'), xmlType('shift_jis'), '<v>漢字</v>'],
  ])('%s', (_, document, contentType, expected) => {
    expect(text(document, contentType)).toBe(expected);
    expect(text(document, contentType, 1)).toBe(expected);
  });

  test('a byte order mark outdoes the Content-Type', () => {
    expect(text(bytes([0xef, 0xbb, 0xbf], snow), xmlType('iso-8859-1'))).toBe(snow);
  });

  test.each<[string, Buffer, string, string]>([
    ['UTF-8', bytes(xml('UTF-8', 'é')), 'ISO-8859-1', xml('UTF-8', 'é')],
    ['ISO-8859-1', Buffer.from(xml('ISO-8859-1', 'é'), 'latin1'), 'utf-8', xml('ISO-8859-1', 'é')],
    ['windows-1252', bytes(xml('windows-1252', ''), [0x80]), 'utf-8', `${xml('windows-1252', '')}€`],
  ])('the declaration of %s outdoes the Content-Type', (_, document, charset, expected) => {
    expect(text(document, xmlType(charset))).toBe(expected);
    expect(text(document, xmlType(charset), 1)).toBe(expected);
  });

  test('a declaration is found however it is cut', () => {
    const document = Buffer.from(xml('ISO-8859-1', 'é'), 'latin1');
    for (let length = 1; length < document.length; length++)
      expect(text(document, xmlType('utf-8'), length)).toBe(xml('ISO-8859-1', 'é'));
  });

  test('a declaration is read up to 1024 characters, and refused one above', () => {
    const declaration = (length: number) =>
      '<?xml version="1.0" encoding="ISO-8859-1"?>'.replace('"?>', `"${' '.repeat(length - 43)}?>`);
    const sent = (length: number) =>
      Buffer.from(declaration(length) + mObjectWith('<type>é</type>'), 'latin1');
    expect(declaration(1024)).toHaveLength(1024);
    expect(decode(sent(1024)).operation).toBe('syncMObjects');
    expect(faultOf(() => decode(sent(1025)))).toMatchObject({ code: 20012, form: 'malformed' });
  });

  test('a processing instruction is no declaration', () => {
    const document = '<?xml-stylesheet encoding="iso-8859-1"?><v>é</v>';
    expect(text(bytes(document), undefined, 1)).toBe(document);
  });

  test.each(['ebcdic', 'utf-7', 'none', 'UTF-8,text/xml'])(
    'an unknown charset counts as none: %s',
    (charset) => {
      expect(text(bytes(snow), xmlType(charset))).toBe(snow);
    },
  );

  test('a charset ends before the comma of a second Content-Type', () => {
    const document = bytes('<v>', [0xe9], '</v>');
    expect(text(document, 'text/xml; charset=latin1,text/xml; charset=latin1')).toBe('<v>é</v>');
  });

  test.each(['utf-16', 'UTF-16LE', 'utf-16be'])(
    'a Content-Type of %s over 8-bit bytes counts as none',
    (charset) => {
      expect(text(bytes(snow), xmlType(charset))).toBe(snow);
      expect(text(bytes(snow), xmlType(charset), 1)).toBe(snow);
    },
  );

  test('a declaration of UTF-16 over 8-bit bytes counts as none', () => {
    const document = xml('utf-16', 'é');
    expect(text(bytes(document))).toBe(document);
    expect(text(Buffer.from(document, 'latin1'), xmlType('latin1'))).toBe(document);
  });

  test('UTF-16 that begins with white space is found by its label', () => {
    expect(text(Buffer.from(`\n${snow}`, 'utf16le'), xmlType('utf-16'))).toBe(`\n${snow}`);
  });

  test.each(['windows-1252', 'ISO-8859-1', 'us-ascii'])(
    '%s is windows-1252 in all its 256 bytes',
    (charset) => {
      const high =
        '\u20ac\u0081\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u008d\u017d\u008f' +
        '\u0090\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u009d\u017e\u0178';
      const codes = Array.from({ length: 255 }, (_, index) => index + 1);
      const expected = codes.map((code) =>
        code >= 0x80 && code < 0xa0 ? high[code - 0x80] : String.fromCharCode(code),
      );
      expect(text(bytes('<v>', codes), xmlType(charset), 7)).toBe(`<v>${expected.join('')}`);
    },
  );

  test('by first bytes outdoes the declaration', () => {
    const document = xml('utf-8', 'é');
    expect(text(Buffer.from(document, 'utf16le'))).toBe(document);
  });
});

describe('bytes are refused', () => {
  const start = `<S:Envelope ${soap}>`;
  const utf16 = (content: string) => Buffer.from(content, 'utf16le');

  test.each<[string, Buffer, string | undefined]>([
    ['that are not UTF-8', bytes(start, [0xeb], 'b'), undefined],
    [
      'that are not the UTF-8 that the declaration says',
      bytes(`<?xml version="1.0" encoding="UTF-8"?>${start}`, [0xeb], 'b'),
      xmlType('iso-8859-1'),
    ],
    ['that are overlong UTF-8', bytes(start, [0xc0, 0xbc]), undefined],
    ['that are a surrogate in UTF-8', bytes(start, [0xed, 0xa0, 0x80]), undefined],
    ['that end within a character', bytes(start, [0xe2, 0x98]), undefined],
    ['that end within a UTF-16 unit', bytes([0xff, 0xfe], utf16(start), [0x20]), undefined],
    [
      'that are a lone surrogate in UTF-16',
      bytes([0xff, 0xfe], utf16(start), [0x00, 0xd8], utf16('b')),
      undefined,
    ],
  ])('%s', (_, document, contentType) => {
    const fault = faultOf(() => decode(document, { contentType }));
    expect(fault).toMatchObject({ code: 20012, form: 'malformed' });
    expect(fault.message).toMatch(/is not UTF-8 here|are not valid utf-16le/);
  });

  test('with the place, the byte and what to do', () => {
    const latin1 = Buffer.from(mObjectWith('\n<type>Zo\u00eb</type>'), 'latin1');
    expect(faultOf(() => decode(latin1)).message).toBe(
      'Not well-formed XML at line 2, column 8: the byte 0xEB is not UTF-8 here; name the charset in the XML declaration if it is another',
    );
  });

  test.each([
    [
      'an unknown charset in the declaration',
      bytes(xml('klingon', '')),
      undefined,
      'The XML declaration names an unknown charset, "klingon"; send UTF-8',
    ],
  ])('for %s', (_, document, contentType, message) => {
    expect(faultOf(() => decode(document, { contentType }))).toMatchObject({ code: 20012, message });
  });
});

test('Content-Types of all kinds are read as XML', () => {
  for (const contentType of ['application/xml', 'application/x-www-form-urlencoded', '', undefined]) {
    expect(decodeValue('<value>é</value>', { contentType })).toBe('é');
  }
});
