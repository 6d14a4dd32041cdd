import { describe, expect, it } from 'vitest';
import { checkInstance } from '../../src/instance/check.ts';

const placed = (text: string) => {
  const checked = checkInstance(text);
  if (!('mistakes' in checked)) return [];
  return checked.mistakes.map(
    ({ path, message, place }) => `${place.line}:${place.column}: ${path}: ${message}`,
  );
};

describe('the place of a mistake', () => {
  it.each([
    [
      'of form is that of its property',
      '{"leads": [\n  {"id": 1,\n   "email": 5}]}',
      '3:4: leads[0].email: ',
    ],
    [
      'of a missing property is that of the object',
      '{"leads": [\n  {"email": ""}]}',
      '2:3: leads[0].id: is missing',
    ],
    [
      'of a missing reference is that of the role',
      '{"leads": [{"id": 1}],\n"roles": [\n{"id": 1, "leadId": 1}]}',
      '3:1: roles[0].opportunityId: is missing',
    ],
    ['of an unknown property is that of its name', '{\n "lead": []}', '2:2: lead: unknown property'],
    [
      'of meaning is that of its property',
      '{"leads": [{"id": 1,\n  "companyId": 7}]}',
      '2:3: leads[0].companyId: no Company 7 in the file',
    ],
    [
      'of a list item is its own',
      '{"tags": {"a": ["b",\n"B"]}}',
      '2:1: tags.a[1]: duplicate "B" (case does not count)',
    ],
    [
      'of a character is that of its property',
      '{"companies": [{"id": 1,\n"name": "\\u0001"}]}',
      '2:1: companies[0].name: the text has',
    ],
    ['of the whole file is its beginning', '\n []', '2:2: : expected an object, not a list'],
  ])('%s', (_what, text, expected) => {
    expect(placed(text)).toEqual([expect.stringContaining(expected)]);
  });
});

describe('a file with a syntax mistake', () => {
  it('has its mistakes of form and meaning reported with it, in the order of the file', () => {
    const text = `{
  "companies": [{ "id": 4, "name": "a" } { "id": 5 }],
  "leads": [{ "id": 1, "companyId": 9 }, { "id": "2" },],
  "opportunities": [{ "id": 1, "attributes": { "Stagee": "x" } }]
}`;
    expect(placed(text)).toEqual([
      '2:42: : expected "," or "]", found "{"',
      '2:42: companies[1].name: is missing',
      '3:24: leads[0].companyId: no Company 9 in the file',
      '3:44: leads[1].id: expected a whole number, not "2"',
      '3:56: : expected a value, found "]"',
      expect.stringMatching(/^4:48: opportunities\[0\]\.attributes\.Stagee: /),
    ]);
  });

  it.each([
    [
      'a value',
      '{"leads": [{"id": }, {"id": 2}], "roles": [{"id": 1, "leadId": 1, "opportunityId": 1}], "opportunities": [{"id": 1}]}',
    ],
    [
      'a section',
      '{"leads": , "roles": [{"id": 1, "leadId": 1, "opportunityId": 1}], "opportunities": [{"id": 1}]}',
    ],
    [
      'a definition',
      '{"fields": {"Opportunity": [{"name": own, "dataType": "string"}]}, "opportunities": [{"id": 1, "attributes": {"own": 1}}]}',
    ],
    [
      'an item',
      '{"tags": {"Region": [North, "South"]}, "programs": [{"id": 1, "name": "p", "tags": {"Region": "North"}}]}',
    ],
  ])('in %s has no consequences of it reported', (_what, text) => {
    expect(placed(text)).toHaveLength(1);
  });

  it('that leaves its structure uncertain has only that reported', () => {
    expect(placed('{"leads": [{"id": 0, {"id": 1}]}')).toEqual([
      '1:22: : expected a name in double quotes, found "{"',
    ]);
  });
});
