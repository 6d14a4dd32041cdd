import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SoapFault } from '../../src/contract/faults.ts';
import { requestType } from '../../src/contract/operations.ts';
import { encodeCall } from '../../src/wire/call-encoder.ts';
import { defaultCaps } from '../../src/wire/caps.ts';
import { optionalPart, parentPart, partPattern, textPart } from '../../src/wire/xml-expectation.ts';
import { createXmlReader, type ExpectedElement } from '../../src/wire/xml-reader.ts';
import { arbitraryMessage } from '../contract/arbitrary-message.ts';
import { mObjectWith, syncWith } from './decoding.ts';
import { expectSame, read } from './guessing.ts';
import { readRecorded, recordedNames } from './recorded.ts';

const attrib = (content: string) => mObjectWith(`<type>T</type><attribList>${content}</attribList>`);
const plain = '<attrib><name>Name</name><value>x</value></attrib>';

describe('elements that come as expected', () => {
  test('are read as a whole', () => {
    expect(expectSame([attrib(plain + plain)])).toBe(7);
    expect(expectSame([attrib('<attrib><value>a\tb\nc\u00e9\u4e2d</value></attrib>')])).toBe(3);
    expect(expectSame([attrib('<attrib></attrib><attrib><name></name></attrib>')])).toBe(4);
  });

  test('are read as a whole with white space between them, but not with text', () => {
    const spread = (between: string) => plain.replaceAll('><', `>${between}<`);
    expect(expectSame([attrib(spread('\n\t ') + spread(' '))])).toBe(7);
    // Type, and both texts of the attrib.
    expect(expectSame([attrib(spread('\r\n'))])).toBe(3);
    expect(expectSame([attrib(spread('x'))])).toBe(3);
    expect(expectSame([attrib(spread('<!-- -->'))])).toBe(3);
  });

  test('are read as a whole again after others', () => {
    expect(
      expectSame([attrib(`${plain}<other/>${plain}<!-- -->${plain}<attrib ><name/></attrib>${plain}`)]),
    ).toBe(13);
  });

  test('are read as a whole if the default namespace is ours, and not if it is another', () => {
    const inside = (uri: string) =>
      mObjectWith(`<attribList xmlns="${uri}">${plain}</attribList><type>T</type>`);
    expect(expectSame([inside('http://www.marketo.com/mktows/')])).toBe(4);
    expect(expectSame([inside('urn:other')])).toBe(1);
  });

  test('with text that does not fit its type are noted as unreadable', () => {
    const content = '<type>T</type><id> 7 </id>';
    expect(expectSame([mObjectWith(content)])).toBe(2);
    expect(read([mObjectWith(content.replace('7', 'seven'))], defaultCaps, true)).toMatchObject({
      outcome: { unreadable: [[{ type: 'T' }, [{ element: 'id', value: 'seven' }]]] },
      whole: 2,
    });
  });
});

describe('references in elements that come as expected', () => {
  const withText = (text: string) => attrib(`<attrib><name>N</name><value>${text}</value></attrib>`);

  test.each([
    ['to entities', '&lt;b&gt; R&amp;D &quot;it&apos;s&quot;', '<b> R&D "it\'s"'],
    ['that make another one look written', '&amp;lt;&amp;#65;', '&lt;&#65;'],
    ['that make the end of CDATA', ']]&gt;', ']]>'],
    ['in a row', '&amp;'.repeat(40), '&'.repeat(40)],
    ['to characters', '&#65;&#x42;', 'AB'],
  ])('%s', (_, written, meant) => {
    expectSame([withText(written)]);
    expect(JSON.stringify(read([withText(written)], defaultCaps, true).outcome)).toContain(
      JSON.stringify(meant),
    );
  });

  test('are resolved in the element in which they stand', () => {
    expect(
      expectSame([attrib(`${plain}<attrib><name>&lt;</name><value>&gt;</value></attrib>${plain}`)]),
    ).toBe(10);
    expect(expectSame([withText('&amp;'.repeat(16))])).toBe(4);
    expect(expectSame([withText('&amp;'.repeat(17))])).toBe(2);
  });

  test.each(['&', '&;', '&amp', '&nbsp;', '&AMP;', '&#0;', '&amp;&'])('are refused as ever: %s', (text) => {
    expectSame([withText(text)]);
    expect(read([withText(text)], defaultCaps, true).outcome).toContain(
      'Not well-formed XML at line 1, column ',
    );
  });

  test('in any number', () => {
    const caps = { ...defaultCaps, maxTextLength: 20_000_000 };
    expect(read([withText('&amp;'.repeat(1_000_000))], caps, true).whole).toBe(2);
    expect(read([withText(`&lt;${'x'.repeat(10_000_000)}&gt;`)], caps, true).whole).toBe(4);
  });
});

describe('elements that come otherwise are read in single parts', () => {
  test.each([
    ['an attribute', '<attrib><name id="a">N</name></attrib>'],
    ['an attribute of the parent', '<attrib id="a"><name>N</name></attrib><attrib href="#a"/>'],
    ['nil', '<attrib><name>N</name><value xsi:nil="true"/></attrib>'],
    ['references', '<attrib><name>R&amp;D</name><value>&#65;</value></attrib>'],
    ['an undefined reference', '<attrib><name>&nbsp;</name></attrib>'],
    ['CDATA', '<attrib><name><![CDATA[<N>]]></name></attrib>'],
    ['a comment', '<attrib><name>N<!-- -->ame</name><!-- --></attrib>'],
    ['a processing instruction', '<attrib><?t?><name>N</name></attrib>'],
    ['a carriage return', '<attrib><name>a\r\nb\rc</name></attrib>'],
    ['the end of CDATA', '<attrib><name>]]></name></attrib>'],
    ['brackets', '<attrib><name>a[0]]</name></attrib>'],
    ['a character beyond the first plane', '<attrib><name>\u{1f600}</name></attrib>'],
    ['half a character', '<attrib><name>\ud83d</name></attrib>'],
    ['a control character', '<attrib><name>\u0001</name></attrib>'],
    ['U+FFFE', '<attrib><name>\ufffe</name></attrib>'],
    ['a space in the start tag', '<attrib><name >N</name></attrib>'],
    ['a space in the end tag', '<attrib><name>N</name ></attrib >'],
    ['an empty-element tag', '<attrib><name/><value/></attrib><attrib/>'],
    ['white space between', '<attrib>\n  <name>N</name>\n  <value>x</value>\n</attrib>'],
    ['another order', '<attrib><value>x</value><name>N</name></attrib>'],
    ['an element twice', '<attrib><name>N</name><name>M</name></attrib>'],
    ['an unknown element', '<attrib><name>N</name><more>x</more></attrib>'],
    ['an element inside text', '<attrib><name>N<b/></name></attrib>'],
    ['text around', 'x<attrib>y<name>N</name>z</attrib>'],
    ['a longer name', '<attribs><names>N</names></attribs>'],
    ['a wrong end tag', '<attrib><name>N</value></attrib>'],
    ['no end tag', '<attrib><name>N</attrib>'],
    ['a prefix of ours', '<m:attrib><m:name>N</m:name></m:attrib>'],
    ['a prefix bound anew between', `${plain}<p:attrib xmlns:p="urn:p"><name>N</name></p:attrib>${plain}`],
    ['a default namespace between', `${plain}<attrib xmlns="urn:p"><name>N</name></attrib>${plain}`],
    ['a default namespace inside', `<attrib><name xmlns="urn:p">N</name><value>x</value></attrib>${plain}`],
  ])('%s', (_, content) => {
    const document = attrib(content + plain);
    expectSame([document]);
    for (let at = 0; at <= document.length; at++) expectSame([document.slice(0, at), document.slice(at)]);
  });

  test('children of an item that stand right in the list', () => {
    const items = '<type>T</type><id>1</id><type>U</type><id>2</id>';
    expectSame([syncWith(`<mObjectList>${items}</mObjectList>`)]);
    expectSame([syncWith(`<mObjectList><mObject>${items}</mObject>${items}</mObjectList>`)]);
  });

  test('children of a reference', () => {
    const first = '<mObject id="a"><type>T</type></mObject>';
    expectSame([syncWith(`<mObjectList>${first}<mObject href="#a"><type>T</type></mObject></mObjectList>`)]);
  });

  test('after the root', () => {
    expectSame([`${attrib(plain)}<attrib><name>N</name></attrib>`]);
  });
});

describe('what is read as a whole counts against the caps', () => {
  const document = attrib(plain + plain);

  test('on elements', () => {
    // Envelope, Body, request, mObjectList, mObject, type, attribList, and twice attrib, name, value.
    for (let maxElements = 1; maxElements <= 14; maxElements++)
      expectSame([document], { ...defaultCaps, maxElements });
    const at = (maxElements: number) => read([document], { ...defaultCaps, maxElements }, true).outcome;
    expect(at(13)).toHaveProperty('body');
    expect(at(12)).toContain('There are more than 12 elements');
  });

  test('on depth', () => {
    for (let maxDepth = 1; maxDepth <= 9; maxDepth++) expectSame([document], { ...defaultCaps, maxDepth });
    const at = (maxDepth: number) => read([document], { ...defaultCaps, maxDepth }, true).outcome;
    expect(at(8)).toHaveProperty('body');
    expect(at(7)).toContain('deeper than 7');
  });

  test('on text', () => {
    const long = (length: number) => attrib(`<attrib><name>${'n'.repeat(length)}</name></attrib>`);
    for (let length = 0; length <= 60; length++)
      expectSame([long(length)], { ...defaultCaps, maxTextLength: 30 });
    const at = (length: number) => read([long(length)], { ...defaultCaps, maxTextLength: 100 }, true).outcome;
    expect(at(100)).toHaveProperty('body');
    expect(at(101)).toContain('longer than 100 characters');
  });

  test('on white space', () => {
    const long = (length: number) => attrib(`<attrib>${' '.repeat(length)}<name>N</name></attrib>`);
    for (let length = 0; length <= 60; length++)
      expectSame([long(length)], { ...defaultCaps, maxTextLength: 30 });
    const at = (length: number) => read([long(length)], { ...defaultCaps, maxTextLength: 30 }, true).outcome;
    expect(at(30)).toHaveProperty('body');
    expect(at(31)).toContain('longer than 30 characters');
  });

  test('however long the text is', () => {
    const caps = { ...defaultCaps, maxTextLength: 20_000_000 };
    const long = (filled: string) => read([attrib(`<attrib>${filled}</attrib>`)], caps, true).whole;
    // Longer than a whole message may be, so that no expression runs out of stack.
    const length = 17_000_000;
    expect(long(`<name>${'x'.repeat(length)}</name>`)).toBe(3);
    expect(long(`<name>${'x'.repeat(length)}</names>`)).toBe(1);
    expect(long(`${' '.repeat(length)}<more/>`)).toBe(1);
  });
});

const places = fc.array(fc.nat(5_000), { maxLength: 12 });
function cut(document: string, at: readonly number[]): string[] {
  const ends = at.map((place) => place % (document.length + 1)).sort((a, b) => a - b);
  return [...ends, document.length].map((end, index) => document.slice(ends[index - 1] ?? 0, end));
}

const change = fc.record({
  at: fc.nat(5_000),
  removed: fc.nat(12),
  added: fc.constantFrom(
    ...[
      '',
      ' ',
      '\n',
      '\r',
      'x',
      '&amp;',
      '&#65;',
      '&',
      ']]>',
      ']',
      '<![CDATA[x]]>',
      '<!-- -->',
      '<?t?>',
      '>',
      '<',
    ],
    ...['é', '\u4e2d', '\u{1f600}', '\ud83d', '\u0000', '\ufffe', '/', ' id="r"', ' href="#r"', ' xmlns="u"'],
    ...[
      ' xmlns:ns1="u"',
      ' xmlns=""',
      ' xmlns="http://www.marketo.com/mktows/"',
      ' xsi:nil="1"',
      '<x>',
      '</x>',
    ],
    ...[
      plain,
      '<name>N</name>',
      '<value>x</value>',
      '<attrib>',
      '</attrib>',
      '<id>7</id>',
      '<id>x</id>',
      '<type/>',
    ],
    ...[
      '<ns1:name>N</ns1:name>',
      '<attribList>',
      '</attribList>',
      '<mObject>',
      '</mObject>',
      '</mObjectList>',
    ],
  ),
});
type Change = typeof change extends fc.Arbitrary<infer Value> ? Value : never;
const changed = (document: string, changes: readonly Change[]) =>
  changes.reduce((before, { at, removed, added }) => {
    const start = at % (before.length + 1);
    return before.slice(0, start) + added + before.slice(start + (added === '' ? removed : removed % 3));
  }, document);
const caps = fc.record({
  maxDepth: fc.oneof(fc.constant(64), fc.integer({ min: 4, max: 12 })),
  maxElements: fc.oneof(fc.constant(200_000), fc.integer({ min: 5, max: 60 })),
  maxAttributes: fc.constant(64),
  maxTextLength: fc.oneof(fc.constant(1_000_000), fc.integer({ min: 0, max: 40 })),
  maxBytes: fc.constant(16_777_216),
});
const request = fc.oneof(
  fc
    .tuple(arbitraryMessage(requestType('syncMObjects')), arbitraryMessage('AuthenticationHeaderInfo'))
    .map(([params, authentication]) => encodeCall('syncMObjects', params, authentication)),
  fc.constantFrom(...recordedNames.map((name) => readRecorded(name).body.toString('latin1'))),
);

test('a request is read the same with guesses and without, changed, cut and close to the caps', () => {
  fc.assert(
    fc.property(
      request,
      fc.array(change, { maxLength: 4 }),
      caps,
      places,
      (document, changes, limits, at) => {
        const whole = changed(document, changes);
        expectSame([whole], limits);
        expectSame(cut(whole, at), limits);
      },
    ),
    { numRuns: 3_000 },
  );
});

describe('a guess, right or wrong, does not change what a document consists of', () => {
  const expectation = (name: string, part?: string): ExpectedElement => ({
    name,
    startTag: `<${name}>`,
    pattern: part === undefined ? undefined : { regExp: partPattern(part), depth: 2, elements: 3 },
  });
  const withChildren = (name: string, children: readonly string[]) =>
    expectation(
      name,
      parentPart(
        name,
        children.map((child) => optionalPart(textPart(child))),
      ),
    );
  const guesses = [
    undefined,
    expectation('a'),
    expectation('a', textPart('a')),
    expectation('b', textPart('b')),
    withChildren('a', ['a', 'b']),
    withChildren('b', ['a']),
  ];

  /** The children whose texts a guess matched. */
  const children = new Map([
    [guesses[4], ['a', 'b']],
    [guesses[5], ['a']],
  ]);

  function eventsOf(pieces: readonly string[], chosen: readonly number[]): string {
    let written = '';
    let turn = 0;
    try {
      const reader = createXmlReader(defaultCaps, (position) => {
        const guess = () => {
          position.expectation.next = guesses[chosen[turn++ % chosen.length] ?? 0];
        };
        return {
          open(local, uri, attributes) {
            written += `<{${uri}}${local}${attributes.map((each) => ` {${each.uri}}${each.local}=${each.value}`)}>`;
            guess();
          },
          matched(expected, _pattern, uri, texts) {
            if (turn % 5 === 4) {
              guess();
              return 0;
            }
            const tagged = (name: string, content: string) => `<{${uri}}${name}>${content}</>`;
            const inside = children
              .get(expected)
              ?.map((name, index) =>
                texts[index + 1] === undefined ? '' : tagged(name, texts[index + 1] ?? ''),
              );
            written += tagged(expected.name, inside?.join('') ?? texts[1] ?? '');
            guess();
            return (
              texts.slice(1).filter((text) => text !== undefined).length + (inside === undefined ? 0 : 1)
            );
          },
          text(text) {
            written += text;
          },
          close() {
            written += '</>';
            guess();
          },
        };
      });
      for (const piece of pieces) reader.write(piece);
      reader.end();
      return written;
    } catch (error) {
      if (error instanceof SoapFault) return error.message;
      throw error;
    }
  }

  const part = fc.constantFrom(
    ...[
      '<a>',
      '</a>',
      '<b>',
      '</b>',
      '<a>x</a>',
      '<b>y</b>',
      '<a><b>y</b></a>',
      '<a>x</b>',
      '<b><a>x</a></b>',
      'text',
    ],
    ...[
      '<a>&amp;</a>',
      '<a>]]></a>',
      '<a><!-- --></a>',
      '<a xmlns="u">',
      '<p:a xmlns:p="u"/>',
      '<a/>',
      '<a >',
      '</a >',
    ],
  );
  const balanced = fc.letrec<{ node: string }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 4 },
      part.filter((text) => !text.startsWith('</') && text !== '<a>'),
      fc
        .tuple(
          fc.constantFrom('a', 'b'),
          fc.constantFrom('', ' xmlns="u"', ' xmlns=""'),
          fc.array(tie('node')),
        )
        .map(([name, declared, inside]) => `<${name}${declared}>${inside.join('')}</${name}>`),
    ),
  })).node;

  test('however it is cut', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.array(part, { maxLength: 12 }), fc.array(balanced, { maxLength: 4 })),
        fc.array(fc.nat(5), { minLength: 1, maxLength: 8 }),
        places,
        (parts, chosen, at) => {
          const document = `<r>${parts.join('')}</r>`;
          const expected = eventsOf([document], [0]);
          expect(eventsOf([document], chosen)).toBe(expected);
          expect(eventsOf(cut(document, at), chosen)).toBe(expected);
        },
      ),
      { numRuns: 5_000 },
    );
  });
});
