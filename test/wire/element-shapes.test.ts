import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { types } from '../../src/contract/types.ts';
import { defaultCaps } from '../../src/wire/caps.ts';
import { createCompiler } from '../../src/wire/compiled-type.ts';
import { syncWith } from './decoding.ts';
import { expectSame, read } from './guessing.ts';

const attrib = (name: string, value = 'x') => `<attrib><name>${name}</name><value>${value}</value></attrib>`;
const row = (inside: string) => `<mObject><type>Opportunity</type>${inside}</mObject>`;
/** A row of seven elements. */
const plain = row(`<attribList>${attrib('Name')}</attribList>`);
const other = row('<externalKey><name>k</name><value>v</value></externalKey>');
const sync = (...rows: string[]) => syncWith(`<mObjectList>${rows.join('')}</mObjectList>`);

/** How many elements of a request are read as a whole when it is read again, by types that know no shapes yet. */
const wholeOf = (...rows: string[]) => expectSame([sync(...rows)], defaultCaps, createCompiler(types));
/** How many of one row, that is no item of a shape. */
const PARTS = 4;

describe('items of a list', () => {
  test('are read as a whole when others were written alike before', () => {
    expect(wholeOf(plain, plain, plain)).toBe(3 * 6);
    const compile = createCompiler(types);
    // The second and the third are alike, so the fourth is expected to be.
    const first = read([sync(plain, plain, plain, plain, plain)], defaultCaps, true, compile);
    expect(first.whole).toBe(3 * PARTS + 2 * 6);
  });

  test('are read as a whole with white space between their elements', () => {
    const spread = plain.replaceAll('><', '>\n  <');
    expect(wholeOf(plain, plain, plain, spread, spread)).toBe(5 * 6);
  });

  test('are not learned from one alone, nor from two that differ', () => {
    expect(wholeOf(plain)).toBe(PARTS);
    // The key's own start tag comes unexpected.
    expect(wholeOf(plain, plain, other)).toBe(2 * PARTS + 3);
  });

  test('with references keep their texts', () => {
    const compile = createCompiler(types);
    read([sync(plain, plain, plain)], defaultCaps, true, compile);
    const rows = ['a&amp;b', '&lt;&gt;', '&amp;amp;'].map((text) =>
      row(`<attribList>${attrib(text, text)}</attribList>`),
    );
    expect(expectSame([sync(...rows)], defaultCaps, compile)).toBe(3 * 6);
    expect(JSON.stringify(read([sync(...rows)], defaultCaps, true, compile).outcome)).toContain('"&amp;"');
  });

  test('are like those whose attributes and types have the same names', () => {
    const [a, b] = [
      row(`<attribList>${attrib('a.b', 'x')}</attribList>`),
      row(`<attribList>${attrib('a-b', 'x')}</attribList>`),
    ];
    const compile = createCompiler(types);
    const wholeNow = (...rows: string[]) => read([sync(...rows)], defaultCaps, true, compile).whole;
    expect(wholeNow(a, a, a, a)).toBe(3 * PARTS + 6);
    expect(wholeNow(a, b, b)).toBe(6 + 2 * PARTS);
    expect(wholeNow(b.replace('>x<', '>y<'), a, b)).toBe(6 + 2 * PARTS);
    expectSame([sync(a, b, a, b, b)], defaultCaps, compile);
    const { outcome } = read([sync(a.replace('a.b', 'aXb'), b)], defaultCaps, true, compile);
    expect(JSON.stringify(outcome)).toContain('"aXb"');
  });

  test('in which a list is sent twice have it joined', () => {
    const twice = row(`<attribList>${attrib('a')}</attribList><attribList>${attrib('b')}</attribList>`);
    expect(wholeOf(twice, twice, twice)).toBe(3 * 10);
  });

  test('that cannot be read are noted as unreadable', () => {
    const withId = (id: string) => `<mObject><type>T</type><id>${id}</id></mObject>`;
    const compile = createCompiler(types);
    expect(expectSame([sync(withId('1'), withId('2'), withId('3'))], defaultCaps, compile)).toBe(9);
    const bad = read([sync(withId('four'))], defaultCaps, true, compile);
    expect(bad.whole).toBe(3);
    expect(JSON.stringify(bad.outcome)).toContain('four');
  });

  test.each([
    ['an attribute', plain.replace('<name>', '<name xml:lang="en">')],
    ['an attribute of the item', plain.replace('<mObject>', '<mObject xml:lang="en">')],
    ['an element that is not known', plain.replace('<attribList>', '<more/><attribList>')],
    ['a comment', plain.replace('<attribList>', '<!-- --><attribList>')],
    ['text between elements', plain.replace('<attribList>', 'text<attribList>')],
    ['CDATA', plain.replace('x', '<![CDATA[x]]>')],
    ['a number of a character', plain.replace('x', '&#120;')],
    ['a carriage return', plain.replace('x', '\r\n')],
    ['a prefix', plain.replaceAll('name>', 'm:name>')],
    ['an empty element', plain.replace('<value>x</value>', '<value/>')],
    ['an element that lacks', plain.replace('<value>x</value>', '')],
    ['another order', plain.replace('<type>Opportunity</type>', '').replace('</mO', '<type>T</type></mO')],
  ])('with %s are read in parts', (_what, different) => {
    const whole = wholeOf(plain, plain, plain, different, plain);
    expect(whole).toBeGreaterThanOrEqual(4 * 6);
    expect(whole).toBeLessThan(5 * 6);
  });

  test('with a mistake in them are refused at its place', () => {
    const compile = createCompiler(types);
    read([sync(plain, plain, plain)], defaultCaps, true, compile);
    for (const mistake of ['</names>', '&nothing;', '\u0001', ']]>', '</name']) {
      expectSame([sync(plain, plain.replace('</name>', mistake), plain)], defaultCaps, compile);
    }
  });

  test('of more than 200 texts are not learned', () => {
    const rowOf = (texts: number) =>
      row(`<attribList>${attrib('Name').repeat((texts - 1) / 2)}</attribList>`);
    expect(wholeOf(...Array<string>(3).fill(rowOf(199)))).toBe(3 * (3 + 3 * 99));
    expect(wholeOf(...Array<string>(3).fill(rowOf(201)))).toBe(3 * (1 + 3 * 100));
  });

  test('that are mostly unlike the ones before are not expected to be like them, for a while', () => {
    const compile = createCompiler(types);
    read([sync(plain, plain, plain)], defaultCaps, true, compile);
    const mixed = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? plain : other));
    expectSame([sync(...mixed)], defaultCaps, compile);
    expect(expectSame([sync(plain, plain)], defaultCaps, compile)).toBe(2 * PARTS);
    for (let request = 0; request < 600; request++)
      read([sync(plain, plain, plain)], defaultCaps, true, compile);
    expect(expectSame([sync(plain, plain)], defaultCaps, compile)).toBe(2 * 6);
  });

  test('of many shapes are read the same, and the shapes are learned anew', () => {
    const compile = createCompiler(types);
    for (let names = 0; names < 40; names++) {
      const like = row(`<attribList>${attrib('Name').repeat(names)}</attribList>`);
      const whole = expectSame([sync(...Array<string>(12).fill(like))], defaultCaps, compile);
      expect(whole).toBe(12 * (3 + 3 * names));
    }
  });
});

describe('items that are read as a whole count against the caps', () => {
  const known = () => {
    const compile = createCompiler(types);
    read([sync(plain, plain, plain)], defaultCaps, true, compile);
    return compile;
  };

  test('on elements', () => {
    // Envelope, Body, request and mObjectList, and twice the six of a row.
    for (let maxElements = 1; maxElements <= 17; maxElements++) {
      expectSame([sync(plain, plain)], { ...defaultCaps, maxElements }, known());
    }
    const at = (maxElements: number) =>
      read([sync(plain, plain)], { ...defaultCaps, maxElements }, true, known()).outcome;
    expect(at(16)).toHaveProperty('body');
    expect(at(15)).toContain('There are more than 15 elements');
  });

  test('on depth', () => {
    for (let maxDepth = 1; maxDepth <= 9; maxDepth++) {
      expectSame([sync(plain, plain)], { ...defaultCaps, maxDepth }, known());
    }
  });

  test('on text', () => {
    const long = (length: number) =>
      sync(plain, plain, row(`<attribList>${attrib('n'.repeat(length))}</attribList>`));
    for (let length = 0; length <= 200; length += 5) {
      expectSame([long(length)], { ...defaultCaps, maxTextLength: 150 }, known());
    }
  });
});

const text = fc.constantFrom('x', '', ' y ', '&amp;', 'a&lt;b', '\r', '&#65;', ']', '<![CDATA[<]]>', '&bad;');
const space = fc.constantFrom('', '', '', ' ', '\n', '\r\n', '<!-- -->', 'text');
const someAttrib = fc
  .record({ name: fc.option(text), value: fc.option(text), between: space })
  .map(({ name, value, between }) => {
    const parts = [
      name === null ? '' : `<name>${name}</name>`,
      value === null ? '' : `<value>${value}</value>`,
    ];
    return `<attrib>${parts.join(between)}</attrib>`;
  });
const someRow = fc
  .record({
    id: fc.option(fc.constantFrom('1', 'one', ' 2 ', '')),
    attribs: fc.array(someAttrib, { maxLength: 3 }),
    between: space,
  })
  .map(({ id, attribs, between }) =>
    row(`${id === null ? '' : `<id>${id}</id>`}${between}<attribList>${attribs.join(between)}</attribList>`),
  );
/** Rows of which many are alike. */
const rows = fc
  .record({
    kinds: fc.array(someRow, { minLength: 1, maxLength: 3 }),
    picks: fc.array(fc.nat(), { maxLength: 12 }),
  })
  .map(({ kinds, picks }) => picks.map((pick) => kinds[pick % kinds.length] ?? ''));

test('rows are read the same with guesses and without, alike or not, wherever they are cut', () => {
  const compile = createCompiler(types);
  fc.assert(
    fc.property(rows, fc.nat(3_000), fc.integer({ min: 20, max: 120 }), (list, at, maxElements) => {
      const document = sync(...list);
      const cut = at % (document.length + 1);
      expectSame([document], defaultCaps, compile);
      expectSame([document.slice(0, cut), document.slice(cut)], { ...defaultCaps, maxElements }, compile);
    }),
    { numRuns: 1_000 },
  );
});
