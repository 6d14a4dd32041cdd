import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CheckOptions, checkInstance } from '../../src/instance/check.ts';
import { instanceSchema } from '../../src/instance/shape.ts';
import { wholeInstance } from './whole-instance.ts';

const mistakes = (file: unknown, options?: CheckOptions) => {
  const checked = checkInstance(typeof file === 'string' ? file : JSON.stringify(file), options);
  return 'mistakes' in checked
    ? checked.mistakes.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`))
    : [];
};

describe('an instance file without mistakes', () => {
  it('may use everything there is', () => {
    expect(mistakes(wholeInstance)).toEqual([]);
  });

  it('may be empty', () => {
    expect(checkInstance('{}')).toEqual({ instance: {} });
  });

  it('may begin with a byte order mark', () => {
    expect(mistakes('\uFEFF{}')).toEqual([]);
  });

  it('may have a lone orphan', () => {
    expect(mistakes({ roles: [{ id: 1, opportunityId: 5, leadId: 6, orphan: true }] })).toEqual([]);
  });
});

describe('a mistake of form', () => {
  it.each<[object | null | number, string]>([
    [[], 'expected an object, not a list'],
    [null, 'expected an object, not null'],
    [{ lead: [] }, 'lead: unknown property (did you mean leads?); expected one of $schema, fields'],
    [{ leads: {} }, 'leads: expected a list, not an object'],
    [{ leads: [{}] }, 'leads[0].id: is missing'],
    [{ leads: [{ id: 0 }] }, 'leads[0].id: expected at least 1, not 0'],
    [{ leads: [{ id: 2147483648 }] }, 'leads[0].id: expected at most 2147483647, not 2147483648'],
    [{ leads: [{ id: '7' }] }, 'leads[0].id: expected a whole number, not "7"'],
    [{ leads: [{ id: 1.5 }] }, 'leads[0].id: expected a whole number, not 1.5'],
    [
      { leads: [{ id: 1, attributes: { 'a b': [] } }] },
      'leads[0].attributes["a b"]: expected a text or a number or true or false, not a list',
    ],
    [
      { fields: { Lead: [{ name: 'a', dataType: 'strin' }] } },
      'fields.Lead[0].dataType: expected one of string, text,',
    ],
    [
      { fields: { Lead: [{ name: ' a', dataType: 'string' }] } },
      'fields.Lead[0].name: expected a name of one line, without white space around it, not " a"',
    ],
    [
      { programs: [{ id: 1, name: 'a', startDate: 'June' }] },
      'programs[0].startDate: expected YYYY-MM-DD or YYYY-MM-DD HH:MM:SS, not "June"',
    ],
    [
      { opportunities: [{ id: 1, externalKeys: { a: '' } }] },
      'opportunities[0].externalKeys.a: expected a text, not an empty one',
    ],
  ])('%j is told with its place', (file, expected) => {
    expect(mistakes(file)).toEqual([expect.stringContaining(expected)]);
  });
});

it('a number beyond all bounds is told with its place', () => {
  const file = '{"programs":[{"id":1,"name":"p","costs":[{"month":"2013-06","amount":1e400}]}]}';
  expect(mistakes(file)).toEqual(['programs[0].costs[0].amount: expected a number, not Infinity']);
});

describe('a mistake of meaning', () => {
  const program = (some: object) => ({ programs: [{ id: 1, name: 'p', ...some }] });
  const opportunity = (attributes: object) => ({ opportunities: [{ id: 1, attributes }] });

  it.each<[string, object, string]>([
    ['an id twice', { leads: [{ id: 1 }, { id: 1 }] }, 'leads[1].id: duplicate id 1 in leads'],
    [
      'a cost id twice',
      { programs: [1, 2].map((id) => ({ id, name: 'p', costs: [{ id: 5, month: '2013-06', amount: 1 }] })) },
      'programs[1].costs[0].id: duplicate cost id 5',
    ],
    [
      'a field twice but for case',
      { fields: { Lead: ['a', 'A'].map((name) => ({ name, dataType: 'string' })) } },
      'fields.Lead[1].name: duplicate field "A" (case does not count)',
    ],
    [
      'a field of a standard name',
      { fields: { Opportunity: [{ name: 'amount', dataType: 'string' }] } },
      'fields.Opportunity[0].name: "amount" is a standard field of Opportunity and needs no definition',
    ],
    [
      'a size of a number',
      { fields: { Lead: [{ name: 'a', dataType: 'integer', size: 4 }] } },
      'fields.Lead[0].size: a field of type integer has no size; expected none',
    ],
    [
      'a tag type Channel',
      { tags: { channel: [] } },
      'tags.channel: a tag type cannot have this name; define channels under',
    ],
    [
      'a tag type twice but for case',
      { tags: { a: [], A: [] } },
      'tags.A: duplicate tag type (case does not count)',
    ],
    ['a tag value twice', { tags: { a: ['b', 'B'] } }, 'tags.a[1]: duplicate "B" (case does not count)'],
    [
      'a status twice',
      { channels: { c: [1, 2].map((step) => ({ status: 's', step, success: true })) } },
      'channels.c[1]: duplicate "s" (case does not count)',
    ],
    [
      'an unknown tag type',
      { tags: { Region: ['North'] }, ...program({ tags: { Regio: 'North' } }) },
      'programs[0].tags.Regio: "Regio" is not a tag type (did you mean Region?)',
    ],
    [
      'an unknown tag value',
      { tags: { Region: ['North'] }, ...program({ tags: { Region: 'Nort' } }) },
      'programs[0].tags.Region: "Nort" is not a value of tag type Region (did you mean North?)',
    ],
    ['an unknown channel', program({ channel: 'c' }), 'programs[0].channel: "c" is not a channel'],
    [
      'a month that is none',
      program({ costs: [{ month: '2013-13', amount: 1 }] }),
      'programs[0].costs[0].month: "2013-13": expected a month',
    ],
    ['a date that no calendar has', program({ endDate: '2013-02-30' }), 'programs[0].endDate: "2013-02-30"'],
    ['an invalid time', program({ createdAt: 'now' }), 'programs[0].createdAt: "now": expected a date'],
    [
      'a company that is not there',
      { leads: [{ id: 1, companyId: 9 }] },
      'leads[0].companyId: no Company 9 in the file',
    ],
    [
      'an opportunity that is not there',
      { leads: [{ id: 1 }], roles: [{ id: 1, opportunityId: 9, leadId: 1 }] },
      'roles[0].opportunityId: no Opportunity 9 in the file',
    ],
    [
      'a company that is not there, as an attribute',
      opportunity({ companyid: '9' }),
      'opportunities[0].attributes.companyid: no Company 9 in the file',
    ],
    [
      'a role of nobody',
      { opportunities: [{ id: 1 }], roles: [{ id: 1, opportunityId: 1 }] },
      'roles[0].leadId: is missing',
    ],
    [
      'an unknown field',
      opportunity({ Stagee: 'x' }),
      'opportunities[0].attributes.Stagee: "Stagee" is not a field of Opportunity (did you mean Stage?)',
    ],
    [
      'a value that does not fit its field',
      opportunity({ CloseDate: '2013-02-30' }),
      'opportunities[0].attributes.CloseDate: "2013-02-30": expected a date of the calendar',
    ],
    [
      'a text longer than its field',
      opportunity({ Stage: 'x'.repeat(256) }),
      'expected at most 255 characters, not 256',
    ],
    [
      'an attribute twice but for case',
      opportunity({ Stage: 'a', stage: 'a' }),
      'opportunities[0].attributes.stage: duplicate name (case does not count)',
    ],
    [
      'an id as an external key',
      { opportunities: [{ id: 1, externalKeys: { Id: '7' } }] },
      'opportunities[0].externalKeys.Id: is set by the server',
    ],
    [
      'an external key with the name of a time',
      { opportunities: [{ id: 1, externalKeys: { createdat: '7' } }] },
      'opportunities[0].externalKeys.createdat: is set by the server',
    ],
    [
      'the id among the attributes',
      opportunity({ Id: 1 }),
      'opportunities[0].attributes.Id: the id belongs next to attributes, not inside',
    ],
    [
      'a company and another one as attribute',
      {
        companies: [
          { id: 1, name: 'a' },
          { id: 2, name: 'b' },
        ],
        opportunities: [{ id: 1, companyId: 1, attributes: { CompanyId: 2 } }],
      },
      'opportunities[0].attributes.CompanyId: "2" and "1" are both given; they must agree',
    ],
    [
      'the email address among the attributes',
      { leads: [{ id: 1, attributes: { Email: 'a' } }] },
      'leads[0].attributes.Email: "Email" belongs next to attributes, not inside',
    ],
    [
      "a lead's value that does not fit its field",
      {
        fields: { Lead: [{ name: 'score', dataType: 'integer' }] },
        leads: [{ id: 1, attributes: { score: 'high' } }],
      },
      'leads[0].attributes.score: "high": expected a whole number',
    ],
    [
      'a character that XML cannot carry',
      { companies: [{ id: 1, name: 'a\u0001' }] },
      'companies[0].name: the text has the character U+0001, which XML cannot carry',
    ],
    [
      'half a character in a name',
      { leads: [{ id: 1, attributes: { '\uD800': 'x' } }] },
      'the name has the character U+D800, which XML cannot carry',
    ],
  ])('%s is told with its place', (_what, file, expected) => {
    expect(mistakes(file)).toEqual([expect.stringContaining(expected)]);
  });
});

describe('a file with many mistakes', () => {
  it('has all of them told, of form and of meaning', () => {
    const found = mistakes({
      fields: { Opportunity: [{ name: 'amount', dataType: 'string' }] },
      programs: [{ id: 1, name: 'p', channel: 'none', costs: [{ month: 'x', amount: 1 }] }, { id: 'x' }],
      leads: Array.from({ length: 50 }, (_, index) => ({ id: index + 1, companyId: 9 })),
      opportunities: [
        { id: 1, attributes: { Probability: 'p' } },
        { id: 2, wrong: 1 },
      ],
      roles: [{ id: 1, opportunityId: 2, leadId: 1 }],
    });
    expect(found).toHaveLength(57);
  });

  it('has those of meaning reported for records with mistakes of form', () => {
    const found = mistakes({
      programs: [
        {
          id: 1,
          name: 'p',
          channel: 'none',
          costs: [
            { month: 1, amount: 1 },
            { month: 'x', amount: 1 },
          ],
        },
      ],
      leads: [{ companyId: 9 }, { id: 2, companyId: 9, mail: '' }, { companyId: 9 }],
      roles: [{ id: 0, opportunityId: '1', leadId: 3, attributes: { Rolle: 'x', Role: [] } }],
    });
    expect(found.map((mistake) => mistake.split(':')[0])).toEqual([
      'programs[0].channel',
      'programs[0].costs[0].month',
      'programs[0].costs[1].month',
      'leads[0].id',
      'leads[0].companyId',
      'leads[1].companyId',
      'leads[1].mail',
      'leads[2].id',
      'leads[2].companyId',
      'roles[0].id',
      'roles[0].opportunityId',
      'roles[0].leadId',
      'roles[0].attributes.Rolle',
      'roles[0].attributes.Role',
    ]);
  });

  it('has no mistakes made up that follow from one already told', () => {
    const found = mistakes({
      fields: { Opportunity: [{ name: 'key' }] },
      tags: { Region: [1] },
      programs: [{ id: 1, name: 'p', tags: { Region: 'x' } }],
      companies: [{ id: 4 }],
      opportunities: [{ id: 1, companyId: 4, attributes: { key: 'x' } }],
    });
    expect(found.map((mistake) => mistake.split(':')[0])).toEqual([
      'fields.Opportunity[0].dataType',
      'tags.Region[0]',
      'companies[0].name',
    ]);
  });
});

it('a file that does not stand alone may name what only a store can have', () => {
  const file = {
    programs: [{ id: 1, name: 'p', channel: 'c', tags: { t: 'v' } }],
    opportunities: [{ id: 1, companyId: 5, attributes: { own: 'x' } }],
    roles: [{ id: 1, opportunityId: 7, leadId: 8 }],
  };
  expect(mistakes(file)).toHaveLength(6);
  expect(mistakes(file, { alone: false })).toEqual([]);
});

it('whatever the file is, it is read or has its mistakes told', () => {
  const part = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.array(
      fc.record(
        {
          id: fc.jsonValue({ maxDepth: 0 }),
          name: fc.jsonValue({ maxDepth: 0 }),
          attributes: fc.jsonValue(),
        },
        { requiredKeys: [] },
      ),
    ),
  );
  const file = fc.record(
    Object.fromEntries(Object.keys(instanceSchema.properties).map((section) => [section, part])),
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(file, (value) => {
      const checked = checkInstance(JSON.stringify(value));
      expect('instance' in checked || checked.mistakes.length > 0).toBe(true);
    }),
  );
});

it('instance.schema.json is the schema (node test/instance/write-schema.ts writes it anew)', () => {
  const published = readFileSync(new URL('../../instance.schema.json', import.meta.url), 'utf8');
  expect(JSON.parse(published)).toEqual(JSON.parse(JSON.stringify(instanceSchema)));
});
