import { describe, expect, it } from 'vitest';
import { readJsonArray, readNdjson } from '../../src/bulk/read-json.ts';
import { inShort, pieces } from './rows.ts';

describe('NDJSON', () => {
  it('is read line by line, numbers as they are written', async () => {
    const text = '{"Name":"A","Amount":10000000000000001.50}\n\n{"IsWon":true,"Stage":null}';
    expect(await inShort(readNdjson(pieces(text)))).toEqual([
      [1, 'A', '10000000000000001.50'],
      [3, 'true', null],
    ]);
  });

  it('reports malformed lines, and goes on', async () => {
    const text = '{"Name":\n[1]\n{"Name":{"a":1}}\n{"Name":"last"}\n';
    expect(await inShort(readNdjson(pieces(text)))).toEqual([
      [1, expect.stringContaining('JSON')],
      [2, 'is no object; expected { "name": value, … }'],
      [3, 'Name: expected a text, number, true, false or null'],
      [4, 'last'],
    ]);
  });
});

describe('a JSON array', () => {
  it('is read without regard to how it is laid out', async () => {
    const text = ' [{"Name":"a,]}\\"","Amount":1}, {\n"Name":"b"},\n{"Name":"c"}\n] ';
    for (const size of [1, 7, 1000]) {
      expect(await inShort(readJsonArray(pieces(text, size)))).toEqual([
        [1, 'a,]}"', '1'],
        [1, 'b'],
        [3, 'c'],
      ]);
    }
  });

  it('reports malformed objects, and goes on', async () => {
    const text = '[\n{"Name":"a"},\n{"Name":a},\n{"Name":"b},\n{"Name":"c"}\n]';
    const rows = await inShort(readJsonArray(pieces(text)));
    const malformed = expect.stringContaining('JSON');
    expect(rows).toEqual([
      [2, 'a'],
      [3, malformed],
      [4, malformed],
      [5, 'c'],
    ]);
  });

  it.each([
    ['{"Name":"a"}', 'line 1: expected an array of objects'],
    ['[{"Name":"a"}', 'the array is not closed'],
    ['', 'expected an array of objects'],
  ])('says what is wrong with %s', async (text, problem) => {
    await expect(inShort(readJsonArray(pieces(text)))).rejects.toThrow(problem);
  });
});
