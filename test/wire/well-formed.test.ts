import { describe, expect, test } from 'vitest';
import { defaultCaps } from '../../src/wire/caps.ts';
import { createXmlReader } from '../../src/wire/xml-reader.ts';
import { faultOf } from './decoding.ts';

/** The events of a document, given in pieces of that many characters. */
function read(document: string, pieceLength = document.length): string[] {
  const events: string[] = [];
  const reader = createXmlReader(defaultCaps, () => ({
    open: (local, uri, attributes) => {
      const written = attributes.map(({ local: name, uri: ns, value }) => ` {${ns}}${name}=${value}`);
      events.push(`<{${uri}}${local}${written.join('')}>`);
    },
    text: (text) => events.push(text),
    close: () => events.push('</>'),
  }));
  for (let at = 0; at < document.length; at += pieceLength)
    reader.write(document.slice(at, at + pieceLength));
  reader.end();
  return events;
}

const xmlNamespace = 'http://www.w3.org/XML/1998/namespace';
const xmlnsNamespace = 'http://www.w3.org/2000/xmlns/';

const refused: [string, string][] = [
  ['two attributes of one name', '<a b="1" b="2"/>'],
  ['two attributes of one name by two prefixes', '<a xmlns:p="u" xmlns:q="u" p:x="1" q:x="2"/>'],
  ['a prefix that is declared twice', '<a xmlns:p="u" xmlns:p="v"/>'],
  ['two roots', '<a/><b/>'],
  ['no root', '<!-- a -->'],
  ['nothing', ''],
  ['nothing but white space', ' \n '],
  ['an unbound prefix of an element', '<p:a/>'],
  ['an attribute that is there twice, with an unbound prefix', '<a p:x="1" p:x="2"/>'],
  ['a prefix beyond its element', '<a><b xmlns:p="u"/><p:c/></a>'],
  ['a control character', '<a>\u0001</a>'],
  ['a NUL', '<a>\u0000</a>'],
  ['a control character in a name', '<a\u0001/>'],
  ['a control character in an attribute', '<a b="\u0001"/>'],
  ['a control character in CDATA', '<a><![CDATA[\u0001]]></a>'],
  ['a control character in a comment', '<a><!--\u0001--></a>'],
  ['U+FFFE', '<a>\ufffe</a>'],
  ['a reference to a control character', '<a>&#1;</a>'],
  ['a reference to NUL', '<a>&#0;</a>'],
  ['a reference to a surrogate', '<a>&#xD800;</a>'],
  ['a reference to U+FFFE', '<a>&#xFFFE;</a>'],
  ['a reference beyond Unicode', '<a>&#x110000;</a>'],
  ['a reference with a huge number', `<a>&#${'9'.repeat(1000)};</a>`],
  ['a reference that is none', '<a>&#X41;</a>'],
  ['an unescaped <', '<a>1 < 2</a>'],
  ['an unescaped < in an attribute', '<a b="<"/>'],
  ['an unescaped &', '<a>R & D</a>'],
  ['an unescaped & before a letter', '<a>R&D</a>'],
  ['an unescaped & in an attribute', '<a b="R&D"/>'],
  ['an empty reference', '<a>&;</a>'],
  [']]> in text', '<a>]]></a>'],
  ['an undefined entity', '<a>&nbsp;</a>'],
  ['an entity with the name of a property', '<a>&toString;</a>'],
  ['an unclosed tag', '<a><b></a>'],
  ['an unclosed root', '<a>'],
  ['an end tag of another name', '<a></b>'],
  ['an end tag too many', '<a></a></a>'],
  ['an end tag first', '</a>'],
  ['text before the root', 'x<a/>'],
  ['text behind the root', '<a/>x'],
  ['CDATA behind the root', '<a/><![CDATA[x]]>'],
  ['a reference behind the root', '<a/>&#32;'],
  ['a declaration behind white space', ' <?xml version="1.0"?><a/>'],
  ['a declaration behind a comment', '<!-- --><?xml version="1.0"?><a/>'],
  ['a declaration inside', '<a><?xml version="1.0"?></a>'],
  ['a declaration in capitals', '<?XML version="1.0"?><a/>'],
  ['a declaration without a version', '<?xml encoding="utf-8"?><a/>'],
  ['a declaration of version 2', '<?xml version="2.0"?><a/>'],
  ['a declaration with something else', '<?xml version="1.0" x="y"?><a/>'],
  ['a declaration that does not end', '<?xml version="1.0" ?'],
  ['another namespace for xml', '<a xmlns:xml="u"/>'],
  ['a declaration of xmlns', '<a xmlns:xmlns="u"/>'],
  ['another prefix for the namespace of xml', `<a xmlns:p="${xmlNamespace}"/>`],
  ['the namespace of xml as default', `<a xmlns="${xmlNamespace}"/>`],
  ['a prefix for the namespace of xmlns', `<a xmlns:p="${xmlnsNamespace}"/>`],
  ['the namespace of xmlns as default', `<a xmlns="${xmlnsNamespace}"/>`],
  ['an element with the prefix xmlns', '<xmlns:a/>'],
  ['a prefix that is taken back', '<a xmlns:p="u"><b xmlns:p=""/></a>'],
  ['two colons in a name', '<a:b:c xmlns:a="u"/>'],
  ['a colon first in a name', '<:a/>'],
  ['a colon last in a name', '<a: xmlns:a="u"/>'],
  ['a digit behind the colon of an element', '<p:1 xmlns:p="u"/>'],
  ['a digit behind the colon of an attribute', '<a xmlns:p="u" p:1="x"/>'],
  ['a name that begins with a digit', '<1a/>'],
  ['an attribute without a value', '<a b/>'],
  ['an attribute without quotes', '<a b=c/>'],
  ['attributes without space between them', '<a b="1"c="2"/>'],
  ['space before a name', '< a/>'],
  ['space inside />', '<a / >'],
  ['-- in a comment', '<a><!-- -- --></a>'],
  ['--- at the end of a comment', '<a><!-- ---></a>'],
  ['an unclosed comment', '<a/><!-- '],
  ['unclosed CDATA', '<a><![CDATA[x</a>'],
  ['CDATA in small letters', '<a><![cdata[x]]></a>'],
  ['an unknown declaration', '<a><!ELEMENT b></a>'],
  ['a processing instruction without a target', '<a><? x?></a>'],
  ['a colon in a target', '<?x:y z?><a/>'],
  ['a tag cut off', '<a'],
  ['an end tag cut off', '<a></a'],
  ['a second byte order mark', '\ufeff<a/>'],
  ['what only XML 1.1 allows', '<?xml version="1.1"?><a>&#1;</a>'],
];

describe('refused as malformed', () => {
  test.each(refused)('%s', (_, document) => {
    expect(faultOf(() => read(document))).toMatchObject({
      code: 20012,
      form: 'malformed',
      message: expect.stringMatching(/^Not well-formed XML at line [1-9][0-9]*, column [1-9][0-9]*: ./),
    });
  });

  test.each(refused)('%s, character by character', (_, document) => {
    expect(faultOf(() => read(document, 1))).toMatchObject({ code: 20012, form: 'malformed' });
  });
});

describe('what was wrong is said', () => {
  test.each([
    [
      '<a>\n  <b>R&D</b>\n</a>',
      'line 2, column 7: "&" begins no reference that XML defines (&amp; &lt; &gt; &quot; &apos; or a number); in text it is written &amp;',
    ],
    ['<a><![CDATA[&]]><!-- & --><?x &?>&amp;&copy;</a>', 'line 1, column 39: "&" begins no reference'],
    ['<a>\r\n<b>\r</a>', 'line 3, column 4: </b> expected'],
    ['<a>\n1 < 2</a>', 'line 2, column 4: "<" begins no tag; in text it is written &lt;'],
    ['<a><b>', 'line 1, column 6: unclosed tag: b'],
    ['<a/>\n<a/>', 'line 2, column 3: there is a second root element'],
    ['<a>]]></a>', 'line 1, column 6: "]]>" in text; it is written ]]&gt;'],
    ['<a b="1" b="2"/>', 'line 1, column 16: duplicate attribute: b'],
  ])('%j', (document, message) => {
    expect(faultOf(() => read(document)).message).toContain(`Not well-formed XML at ${message}`);
  });
});

describe('accepted', () => {
  test.each<[string, string, string[]]>([
    ['version 1.1, read as 1.0', '<?xml version="1.1"?><a/>', ['<{}a>', '</>']],
    [
      'a whole declaration',
      '<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n<a/>\n',
      ['<{}a>', '</>'],
    ],
    ['a prefix', '<p:a xmlns:p="u" p:b="c"/>', [`<{u}a {${xmlnsNamespace}}p=u {u}b=c>`, '</>']],
    [
      'a default namespace, which attributes are not in',
      '<a xmlns="u" b="c"/>',
      [`<{u}a {${xmlnsNamespace}}xmlns=u {}b=c>`, '</>'],
    ],
    [
      'a default namespace taken back',
      '<a xmlns="u"><b xmlns=""/></a>',
      [`<{u}a {${xmlnsNamespace}}xmlns=u>`, `<{}b {${xmlnsNamespace}}xmlns=>`, '</>', '</>'],
    ],
    ['the prefix xml', '<a xml:lang="en"/>', [`<{}a {${xmlNamespace}}lang=en>`, '</>']],
    [']] and > apart', '<a>]] ></a>', ['<{}a>', ']] >', '</>']],
    ['a character beyond the first plane', '<a>\u{10fffd}</a>', ['<{}a>', '\u{10fffd}', '</>']],
  ])('%s', (_, document, events) => {
    expect(read(document)).toEqual(events);
    expect(read(document, 1).join('')).toEqual(events.join(''));
  });
});
