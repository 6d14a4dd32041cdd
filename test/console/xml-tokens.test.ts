import { expect, it } from 'vitest';
import { type XmlToken, xmlTokens } from '../../console/src/xml-tokens.ts';

const written = (token: XmlToken): string => {
  if ('text' in token) return token.text;
  const { kind, name, rest } = token;
  return `${kind === 'close' ? '</' : '<'}${name}${rest}${kind === 'empty' ? '/>' : '>'}`;
};

it.each([
  '<a><b c="1 > 0">text</b><d/></a>',
  '<?xml version="1.0"?><!-- <no> --><a><![CDATA[<b>]]></a>',
  '<a>&lt;b&gt;</a>',
  '<a><b>cut in the midd',
  '<a><b',
  '<a b="<">',
  '<!-- never ends <a>',
  'no XML',
  '',
])('%s is split into its parts', (xml) => {
  expect(xmlTokens(xml).map(written).join('')).toBe(xml);
});

it('tells tags from texts', () => {
  expect(xmlTokens('<a x="1"><b/>t</a>').map(({ kind }) => kind)).toEqual(['open', 'empty', 'text', 'close']);
});

it.each(['<a ', '<!--', '<a b="', '<'])('takes time in proportion to the length of many %s', (part) => {
  expect(xmlTokens(part.repeat(1_000_000)).length).toBeGreaterThan(0);
});
