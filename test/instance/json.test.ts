import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson, placesIn } from '../../src/instance/json.ts';

const mistakes = (text: string) =>
  parseJson(text).mistakes.map(({ message, place }) => `${place?.line}:${place?.column}: ${message}`);

describe('a syntax error', () => {
  it.each([
    ['', '1:1: expected a value, found the end of the file'],
    ['{\n  "leads": [1,]\n}', '2:15: expected a value, found "]"'],
    ['{"a":1,}', '1:8: expected a name in double quotes, found "}"'],
    ['{"a":1', '1:7: expected "," or "}", found the end of the file'],
    ['[1', '1:3: expected "," or "]", found the end of the file'],
    ['[1 2]', '1:4: expected "," or "]", found "2"'],
    ['{"a":1 "b":2}', '1:8: expected "," or "}", found "b"'],
    ['{"a" 1}', '1:6: expected ":", found "1"'],
    ["{'a':1}", '1:2: "\'a\'" is not JSON; names and texts need double quotes'],
    ['{}x', '1:3: "x" is not JSON; names and texts need double quotes'],
    ['{}\r\n{}', '2:1: expected the end of the file, found "{"'],
    ['{"a":"b', '1:6: the text has no closing double quote on its line'],
    ['{"a":"\\x"}', '1:6: unknown escape; expected'],
    ['{"a":"\\u12"}', '1:6: unknown escape; expected'],
    ['{"a":"\u0001"}', '1:6: the text has a control character'],
    ['{"a": nul}', '1:7: "nul" is not JSON'],
    ['[01]', '1:3: expected "," or "]", found "1"'],
    ['[1.]', '1:2: expected a number such as 0.5 or 2e3, found "1."'],
    ['// one\n{}', '1:1: JSON has no comments; remove it'],
  ])('in %j is reported once, with its place', (text, expected) => {
    expect(mistakes(text)).toEqual([expect.stringContaining(expected)]);
  });

  it.each([
    ['[', '1:65: nested deeper than 64'],
    ['[{"a":', '1:193: nested deeper than 64'],
  ])('of %s without an end is reported once', (text, expected) => {
    expect(mistakes(text.repeat(100_000))).toEqual([expected]);
  });

  it('is reported with all others', () => {
    expect(mistakes('{"a": [1,, 2 3],\n"b": "\\x", "c": nul,\n"d": 1,}')).toEqual([
      '1:10: expected a value, found ","',
      '1:14: expected "," or "]", found "3"',
      expect.stringMatching(/^2:6: unknown escape/),
      '2:17: "nul" is not JSON; names and texts need double quotes',
      '3:8: expected a name in double quotes, found "}"',
    ]);
  });

  it.each([
    ['{"a": [1,, 2 3], "b": 1,}', { a: [1, 2, 3], b: 1 }, []],
    ['{"a": [{"b": , "c": 2}]}', { a: [{ c: 2 }] }, [['a', '0', 'b']]],
    ['{"a": {"b": "\\x"}}', { a: { b: '' } }, [['a', 'b']]],
    ['{"a": [1, nul, 2]}', { a: [1, 2] }, [['a']]],
  ])('in %j leaves the rest readable', (text, value, lost) => {
    expect(parseJson(text)).toMatchObject({ value, lost });
  });

  it.each(['{"a": [{"b": 1}, {"b": 2]}', '{"a" [{"b": 1}]}', '{a: [{"b": 1}]}', '{"a": "b, "c": 1}'])(
    'in %j leaves nothing to check',
    (text) => {
      expect(parseJson(text)).toMatchObject({ value: undefined, mistakes: [{}] });
    },
  );
});

it('a duplicate name is a mistake at its second place, and the last one counts', () => {
  expect(parseJson('{"leads":[1],\n"leads":[2]}')).toEqual({
    value: { leads: [2] },
    mistakes: [{ path: 'leads', message: 'duplicate name', place: { line: 2, column: 1 } }],
    lost: [],
  });
});

it('a byte order mark is no mistake and no column', () => {
  expect(parseJson('\uFEFF{}')).toEqual({ value: {}, mistakes: [], lost: [] });
  expect(placesIn('\uFEFF{"a":1}', new Set(['a'])).get('a')).toEqual({ line: 1, column: 2 });
});

it('the place of a property is that of its name, of any other value its own', () => {
  const text = '{\n  "a b": [\n    {"c": 1}, 2],\n"a": 3}';
  const paths = ['', '["a b"]', '["a b"][0]', '["a b"][0].c', '["a b"][1]', 'a', 'none'];
  const places = placesIn(text, new Set(paths));
  expect(paths.map((path) => Object.values(places.get(path) ?? {}).join(':'))).toEqual([
    '1:1',
    '2:3',
    '3:5',
    '3:6',
    '3:15',
    '4:1',
    '',
  ]);
});

it('reads what JSON.parse reads, and reports an error where that finds one', () => {
  const nearJson = fc
    .json()
    .chain((text) =>
      fc
        .tuple(
          fc.nat(text.length),
          fc.constantFrom(
            '',
            ',',
            ':',
            '"',
            '}',
            ']',
            '{',
            '[',
            '0',
            '.',
            '-',
            '\\',
            'e',
            ' ',
            '/',
            '\u0001',
            '\u00A0',
          ),
        )
        .map(([at, character]) => text.slice(0, at) + character + text.slice(at + 1)),
    );
  fc.assert(
    fc.property(fc.oneof(fc.json(), nearJson), (text) => {
      const found = parseJson(text);
      const errors = found.mistakes.filter(({ message }) => message !== 'duplicate name');
      let expected: unknown;
      try {
        expected = JSON.parse(text);
      } catch {
        expect(errors).not.toEqual([]);
        return;
      }
      expect(errors).toEqual([]);
      expect(found.value).toEqual(expected);
    }),
  );
});
