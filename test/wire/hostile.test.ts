import { describe, expect, test } from 'vitest';
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
  const size = 15 * 1024 * 1024;
  test.each([
    ['a name', '<a'],
    ['an attribute value', `<S:Envelope ${soap} b="`],
    ['a comment', '<!-- '],
    ['CDATA', `<S:Envelope ${soap}><![CDATA[`],
    ['a processing instruction', '<?x '],
    ['a reference', `<S:Envelope ${soap}>&`],
    ['a DOCTYPE', '<!DOCTYPE a ['],
    ['a declaration', '<?xml version="'],
  ])('%s', (_, start) => {
    expect(bounded(() => faultOf(() => decode(start + 'a'.repeat(size)))).code).toBe(20012);
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
