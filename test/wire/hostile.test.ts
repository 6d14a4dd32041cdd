import { getHeapStatistics } from 'node:v8';
import { describe, expect, test } from 'vitest';
import { createCallDecoder } from '../../src/wire/call-decoder.ts';
import { defaultCaps, type WireCaps } from '../../src/wire/caps.ts';
import { decode, decodeValue, envelope, faultOf, mObjectWith, soap } from './decoding.ts';

const list = '<m:paramsListMObjects/>';
const nested = (levels: number) => `${'<x>'.repeat(levels)}${'</x>'.repeat(levels)}`;

/** Runs hostile work, which must end within seconds however large it is. */
function bounded<T>(work: () => T): T {
  const started = performance.now();
  const result = work();
  expect(performance.now() - started).toBeLessThan(8_000);
  return result;
}

describe('a DOCTYPE', () => {
  const lol = [
    '<!DOCTYPE lolz [<!ENTITY lol0 "lol">',
    ...Array.from({ length: 10 }, (_, n) => `<!ENTITY lol${n + 1} "${`&lol${n};`.repeat(10)}">`),
    ']>',
  ].join('');

  test.each([
    ['that says nothing', '<!DOCTYPE x>'],
    ['that points to a file', '<!DOCTYPE x SYSTEM "file:///etc/passwd">'],
    ['of a billion laughs', lol],
  ])('%s is refused', (_, doctype) => {
    expect(faultOf(() => decode(doctype + envelope('&lol10;')))).toMatchObject({
      code: 20012,
      message: expect.stringContaining('DOCTYPE'),
    });
  });
});

describe('depth', () => {
  // Envelope and Body are the first two levels.
  test('is accepted at the cap', () => {
    expect(decode(envelope(nested(62))).requestElement).toBe('x');
  });

  test('is refused one above it', () => {
    const fault = faultOf(() => decode(envelope(nested(63))));
    expect(fault).toMatchObject({ code: 20012, form: undefined });
    expect(fault.message).toMatch(/^Elements are nested deeper than 64 \(line 1, column [0-9]+\)$/);
  });

  test('of 50,000 levels is refused without delay', () => {
    const fault = bounded(() => faultOf(() => decode(envelope(nested(50_000)))));
    expect(fault.code).toBe(20012);
  });

  test('of 1,000,000 levels, each declaring a namespace, is refused without delay', () => {
    const fault = bounded(() => faultOf(() => decode(envelope('<x xmlns:p="u">'.repeat(1_000_000)))));
    expect(fault.code).toBe(20012);
  });
});

describe('the number of elements', () => {
  const withElements = (count: number) => envelope(`<x>${'<y/>'.repeat(count - 3)}</x>`);

  test('is accepted at the cap', () => {
    expect(decode(withElements(200_000)).requestElement).toBe('x');
  });

  test('is refused one above it', () => {
    expect(faultOf(() => decode(withElements(200_001)))).toMatchObject({
      code: 20012,
      message: expect.stringContaining('more than 200000 elements'),
    });
  });
});

describe('the number of attributes', () => {
  const withAttributes = (count: number) =>
    envelope(`<x ${Array.from({ length: count }, (_, n) => `a${n}=""`).join(' ')}/>`);

  test('is accepted at the cap', () => {
    expect(decode(withAttributes(64)).requestElement).toBe('x');
  });

  test('is refused one above it', () => {
    expect(faultOf(() => decode(withAttributes(65)))).toMatchObject({
      code: 20012,
      message: expect.stringContaining('more than 64 attributes'),
    });
  });

  test('counts namespace declarations', () => {
    const declarations = Array.from({ length: 65 }, (_, n) => `xmlns:p${n}="u"`).join(' ');
    expect(faultOf(() => decode(envelope(`<x ${declarations}/>`))).code).toBe(20012);
  });

  test('of a million is refused without delay', () => {
    expect(bounded(() => faultOf(() => decode(withAttributes(1_000_000)))).code).toBe(20012);
  });

  test('at the cap in every element at the deepest level is read in bounded time', () => {
    const attributes = Array.from({ length: 60 }, (_, n) => `S:a${n}=""`).join(' ');
    const text = envelope(
      `${'<x xmlns:q="u">'.repeat(60)}${`<y ${attributes}/>`.repeat(25_000)}${'</x>'.repeat(60)}`,
    );
    bounded(() => decode(text));
  });
});

describe('the length of text', () => {
  const million = 'a'.repeat(1_000_000);

  test('is accepted at the cap', () => {
    expect(decodeValue(`<value>${million}</value>`)).toHaveLength(1_000_000);
  });

  test('is refused one above it', () => {
    expect(faultOf(() => decodeValue(`<value>${million}b</value>`))).toMatchObject({
      code: 20012,
      message: expect.stringContaining('longer than 1000000 characters'),
    });
  });

  test('counts all pieces of one element together', () => {
    const pieces = `<value>${'a'.repeat(600_000)}<!-- --><![CDATA[${'a'.repeat(400_001)}]]></value>`;
    expect(faultOf(() => decodeValue(pieces)).code).toBe(20012);
  });

  test('counts each element alone', () => {
    expect(decodeValue(`<x>${million}</x><value>${million}</value>`)).toHaveLength(1_000_000);
  });

  test('counts in unknown elements too', () => {
    expect(faultOf(() => decode(mObjectWith(`<x>${million}b</x>`))).code).toBe(20012);
  });

  test('in a million pieces is read in bounded time', () => {
    bounded(() =>
      expect(decodeValue(`<value>${'a<!---->'.repeat(1_000_000)}</value>`)).toHaveLength(1_000_000),
    );
  });

  test('of a million references is read in bounded time', () => {
    bounded(() => expect(decodeValue(`<value>${'&#97;'.repeat(1_000_000)}</value>`)).toHaveLength(1_000_000));
  });
});

test('a part that is cut off again and again is read in bounded time', () => {
  const decoder = createCallDecoder({});
  const begun = Buffer.from(`<S:Envelope ${soap}><!--`);
  const piece = Buffer.alloc(1024, 'a');
  bounded(() => {
    decoder.readHead(begun, begun.length);
    for (let pieces = 0; pieces < 8 * 1024; pieces++) decoder.write(piece);
  });
});

describe('the length of the values of attributes', () => {
  const cap = { caps: { maxTextLength: 1000 } };
  const withValue = (value: string) => envelope(`<x a="${value}"/>`);
  const cutAnywhere = (text: string, caps: Partial<WireCaps>) => {
    const decoder = createCallDecoder({ caps: { ...defaultCaps, ...caps } });
    for (let at = 0; at < text.length; at += 100) decoder.write(Buffer.from(text.slice(at, at + 100)));
    return decoder.end();
  };

  test.each(['a', '\n', '\t'])('is accepted at the cap and refused one above it, of %j', (character) => {
    expect(decode(withValue(character.repeat(1000)), cap).requestElement).toBe('x');
    expect(cutAnywhere(withValue(character.repeat(1000)), cap.caps).requestElement).toBe('x');
    const above = withValue(character.repeat(1001));
    const message = /^The values of one element's attributes are longer than 1000 characters \(line/;
    expect(faultOf(() => decode(above, cap))).toMatchObject({ code: 20012, form: undefined });
    expect(faultOf(() => decode(above, cap)).message).toMatch(message);
    expect(faultOf(() => cutAnywhere(above, cap.caps)).message).toMatch(message);
  });

  test('counts all of one element together', () => {
    const of = (length: number) => envelope(`<x a="${'a'.repeat(600)}" b="${'b'.repeat(length)}"/>`);
    expect(decode(of(400), cap).requestElement).toBe('x');
    expect(faultOf(() => decode(of(401), cap)).code).toBe(20012);
  });

  test('counts references as they are written', () => {
    expect(decode(withValue('&#10;'.repeat(200)), cap).requestElement).toBe('x');
    expect(faultOf(() => decode(withValue('&#10;'.repeat(201)), cap)).code).toBe(20012);
  });

  test('of an element that is not complete is refused as soon as it is too long', () => {
    const decoder = createCallDecoder({});
    decoder.write(Buffer.from(`<S:Envelope ${soap} b="`));
    expect(faultOf(() => decoder.write(Buffer.alloc(1_100_000, '\n'))).message).toMatch(
      /are longer than 1000000/,
    );
  });
});

describe('the length of a name', () => {
  const name = (length: number) => 'n'.repeat(length);

  test.each([
    ['an element', (length: number) => envelope(`<${name(length)}/>`)],
    ['an attribute', (length: number) => envelope(`<x ${name(length)}="1"/>`)],
    ['a prefix and what is behind it', (length: number) => envelope(`<S:${name(length - 2)}/>`)],
    ['a namespace', (length: number) => envelope(`<x xmlns:a="${name(length)}"/>`)],
  ])('of %s is accepted at 1000 characters and refused one above', (_, written) => {
    expect(decode(written(1000)).operation).toBeUndefined();
    expect(faultOf(() => decode(written(1001)))).toMatchObject({
      code: 20012,
      form: 'malformed',
      message: expect.stringContaining('name of more than 1000 characters'),
    });
  });
});

describe('the length of CDATA', () => {
  const cap = { caps: { maxTextLength: 1000 } };
  const cdata = (content: string) => `<value><![CDATA[${content}]]></value>`;

  test.each(['a', '\r\n'])('is accepted at the cap and refused one above it, of %j', (character) => {
    expect(decodeValue(cdata(character.repeat(1000)), cap)).toHaveLength(1000);
    expect(faultOf(() => decodeValue(cdata(character.repeat(1001)), cap)).message).toMatch(
      /longer than 1000 /,
    );
  });

  test('is refused before it ends', () => {
    const decoder = createCallDecoder({});
    decoder.write(Buffer.from(`<S:Envelope ${soap}><![CDATA[`));
    expect(faultOf(() => decoder.write(Buffer.alloc(2_100_000, 'a'))).message).toMatch(/longer than 1000000/);
  });
});

describe('the memory of a decoded text', () => {
  /** Bytes of the heap that the value of an attribute takes, at least as long as it is held. */
  function heapOf(content: string): number {
    const request = Buffer.from(mObjectWith(`<externalKey><value>${content}</value></externalKey>`));
    const decoder = createCallDecoder({});
    const heldBefore = getHeapStatistics().used_heap_size;
    for (let at = 0; at < request.length; at += 65_536) decoder.write(request.subarray(at, at + 65_536));
    const call = decoder.end();
    const held = getHeapStatistics().used_heap_size - heldBefore;
    expect(call.operation).toBe('syncMObjects');
    return held;
  }

  // A rope takes 32 bytes for each of its parts.
  test.each([
    ['carriage returns', '\r'.repeat(900_000)],
    ['line ends of two characters', '\r\n'.repeat(900_000)],
    ['references', '&#10;'.repeat(900_000)],
    ['CDATA of carriage returns', `<![CDATA[${'\r'.repeat(900_000)}]]>`],
  ])('of %s is bounded by its length', (_, content) => {
    expect(heapOf(content)).toBeLessThan(18_000_000);
  });
});

describe('the size of the message', () => {
  const padded = (bytes: number) => {
    const text = envelope(list);
    return Buffer.concat([Buffer.from(text), Buffer.alloc(bytes - text.length, ' ')]);
  };

  test('is accepted at the cap', () => {
    expect(decode(padded(16 * 1024 * 1024)).operation).toBe('listMObjects');
  });

  test('is refused one above it', () => {
    expect(faultOf(() => decode(padded(16 * 1024 * 1024 + 1)))).toMatchObject({
      code: 20012,
      message: 'The message is longer than 16777216 bytes',
    });
  });
});

describe('unending parts are refused in bounded time', () => {
  const size = 16 * 1024 * 1024 - 200;
  test.each([
    ['a name', '<a'],
    ['an attribute value', `<S:Envelope ${soap} b="`],
    ['white space in a tag', `<S:Envelope ${soap}${' '.repeat(15 * 1024 * 1024)}`],
    ['an end tag', `<S:Envelope ${soap}></`],
    ['the target of a processing instruction', '<?'],
    ['a number of zeros', `<S:Envelope ${soap}>&#${'0'.repeat(15 * 1024 * 1024)}`],
    ['a comment', '<!-- '],
    ['CDATA', `<S:Envelope ${soap}><![CDATA[`],
    ['a processing instruction', '<?x '],
    ['a reference', `<S:Envelope ${soap}>&`],
    ['a DOCTYPE', '<!DOCTYPE a ['],
    ['a declaration', '<?xml version="'],
  ])('%s', (_, start) => {
    const document = Buffer.from(start + 'a'.repeat(size - start.length));
    expect(bounded(() => faultOf(() => decode(document))).code).toBe(20012);
  });

  test.each([
    ['comments', '<!---->'],
    ['processing instructions', '<?a?>'],
    ['CDATA', '<![CDATA[]]>'],
    ['line ends in a comment', '<!--\n\r-->'],
    ['attributes', '<a b="" c="" d="" e="" f="" g="" h=""/>'],
  ])('as are many small %s', (_, part) => {
    const document = Buffer.from(`<S:Envelope ${soap}>${part.repeat(size / part.length)}`);
    expect(bounded(() => faultOf(() => decode(document))).code).toBe(20012);
  });
});

test('many unreadable values are read in bounded time', () => {
  bounded(() => decode(mObjectWith('<id>x</id>'.repeat(190_000))));
});

test('many repeated lists are read in bounded time', () => {
  bounded(() => decode(mObjectWith('<attribList><attrib/></attribList>'.repeat(95_000))));
});

test('many lone ampersands are refused in bounded time', () => {
  expect(
    bounded(() => faultOf(() => decodeValue(`<value>${'<![CDATA['.repeat(500_000)}&</value>`))).code,
  ).toBe(20012);
});
