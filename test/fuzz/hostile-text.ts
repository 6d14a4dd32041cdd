import type { Chance } from './chance.ts';

export const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** Values that some reader of numbers, dates, names or keys might get wrong. */
const values: readonly string[] = [
  ...['', ' ', '   ', '\t\n\r', '0', '-0', '1', '-1', '+5', '--5', '80%', '%', '1.0', '501.00', '.5', '5.'],
  ...['1e400', '-1e400', '1e-400', '1.0E7', 'NaN', 'INF', '-INF', 'Infinity', '0x1F', '1_000', '1,000'],
  ...['2147483647', '2147483648', '-2147483649', '9007199254740991', '9007199254740993'],
  ...['9223372036854775807', '9223372036854775808', '9'.repeat(400), `0.${'0'.repeat(300)}1`, '１２'],
  ...['true', 'TRUE', ' false ', '01', 'yes', 'maybe', 'null', 'undefined', '[object Object]'],
  ...['2013-02-30', '2016-02-29', '0000-00-00', '9999-12-31', '10000-01-01', '-0001-01-01', '2013-06'],
  ...['2013-06-15', '2013-06-15 12:00:00', '2013-06-15T25:61:61Z', '2013-06-15T23:59:60Z', '2013-6-5'],
  ...['2013-06-15T12:00:00+99:99', '2016-02-29T00:00:00.123456789-08:00', '2013-06-15T24:00:00Z'],
  ...['0001-01-01T00:00:00+14:00', '9999-12-31T23:59:59-14:00', '2013-06-15T12:00', '1371297600'],
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'prototype', '$type', 'length'],
  ...["'; DROP TABLE opportunity; --", '"', "''", '_', '*', '\\', '\\u0000', '#{x}', '{"a":1}', '[]'],
  ...[
    '../../etc/passwd',
    'http://127.0.0.1/',
    'file:///etc/passwd',
    '<b>',
    '&amp;',
    ']]>',
    '\u00a0',
    '\u3000',
  ],
  ...[
    'é',
    'e\u0301',
    'ı',
    'İ',
    'ß',
    '\u212a',
    '😀',
    '\u202e',
    '\ufeff',
    '\ufffd',
    '\u0085',
    '\u2028',
    '\u0000',
  ],
];

/** Markup where text is expected, well-formed or not. */
const markup: readonly string[] = [
  ...['&#0;', '&#xD800;', '&#x110000;', '&#1;', '&#65;', '&#x41;', '&#99999999999999999999;', '&#;', '&#x;'],
  ...[
    '&foo;',
    '&;',
    '&',
    '&lt',
    '&amp;lt;',
    '<',
    '>',
    '<a>',
    '</x>',
    ']]>',
    '<![CDATA[x]]>',
    '<![CDATA[<&]]>',
  ],
  ...[
    '<![CDATA[',
    '<!-- c -->',
    '<!-- -- -->',
    '<!--',
    '<?pi x?>',
    '<?xml version="1.0"?>',
    '<?',
    '<!DOCTYPE x>',
  ],
  ...['<!ENTITY a "b">', '<b/>', '<x xmlns="urn:x">1</x>', '<x a="1" a="2"/>', '<p:x/>', '<1/>', '<x a=1/>'],
  ...[
    '\u0001',
    '\u0008',
    '\u007f',
    '\ufffe',
    '\uffff',
    '\ud800',
    '\udc00x',
    '<x xmlns:xml="u"/>',
    '<x xmlns:p=""/>',
  ],
];

/** What stands in an element in place of a value that fits, as XML: hardly ever long. */
export function hostileText(chance: Chance): string {
  const kind = chance.number(100);
  if (kind < 70) return escaped(chance.oneOf(values)).replaceAll('>', '&gt;');
  if (kind < 88) return chance.oneOf(markup);
  if (kind < 97) return escaped(chance.oneOf(values)).repeat(1 + chance.few(300));
  return chance.oneOf(['x', 'é', '😀', '&#97;', '<!---->', '<b/>']).repeat(1 + chance.few(20_000));
}
