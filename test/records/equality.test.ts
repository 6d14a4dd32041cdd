import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { FileType, Records } from '../../src/records/all.ts';
import { areEqual } from '../../src/records/equality.ts';
import { fieldValues } from '../../src/records/field-values.ts';

const time = '2013-06-09T14:04:54.000Z';
const mObject = (values: Parameters<typeof fieldValues>) => ({
  id: 1,
  createdAt: time,
  updatedAt: time,
  values: fieldValues(...values),
});

/** Records that differ from the first of each list in one thing. */
const differing: { readonly [Type in FileType]: () => readonly Records[Type][] } = {
  Opportunity: () => [
    mObject([
      'Opportunity',
      [
        ['Name', 'a'],
        ['own', 'x'],
      ],
    ]),
    mObject([
      'Opportunity',
      [
        ['Name', 'b'],
        ['own', 'x'],
      ],
    ]),
    mObject([
      'Opportunity',
      [
        ['Name', 'a'],
        ['own', 'y'],
      ],
    ]),
    mObject([
      'Opportunity',
      [
        ['Name', 'a'],
        ['OWN', 'x'],
      ],
    ]),
    mObject(['Opportunity', [['Name', 'a']]]),
    mObject([
      'Opportunity',
      [
        ['Name', 'a'],
        ['own', 'x'],
        ['other', 1],
      ],
    ]),
    {
      ...mObject([
        'Opportunity',
        [
          ['Name', 'a'],
          ['own', 'x'],
        ],
      ]),
      updatedAt: '2013-06-09T14:04:55.000Z',
    },
  ],
  OpportunityPersonRole: () => [
    mObject(['OpportunityPersonRole', [['Role', 'a']]]),
    mObject([
      'OpportunityPersonRole',
      [
        ['Role', 'a'],
        ['own', 1],
      ],
    ]),
    mObject([
      'OpportunityPersonRole',
      [
        ['Role', 'a'],
        ['own', '1'],
      ],
    ]),
  ],
  Lead: () => [
    lead([['a', '1']]),
    lead([['a', '2']]),
    lead([['A', '1']]),
    { ...lead([['a', '1']]), email: '' },
    { ...lead([['a', '1']]), companyId: 1 },
  ],
  Company: () => [
    { id: 1, name: 'a', externalKeys: new Map([['a', '1']]) },
    { id: 1, name: 'a', externalKeys: new Map() },
  ],
  Program: () => [program([]), program([{ id: 1, month: '2013-06-01', amount: 1, note: null }])],
};

const lead = (values: [string, string][]): Records['Lead'] => ({
  id: 1,
  createdAt: time,
  updatedAt: time,
  email: null,
  companyId: null,
  workspaceId: null,
  values: fieldValues('Lead', values),
});

const program = (costs: Records['Program']['costs']): Records['Program'] => ({
  id: 1,
  createdAt: time,
  updatedAt: time,
  name: 'p',
  type: 'Email',
  channel: null,
  workspaceId: null,
  workspaceName: null,
  treePath: null,
  archived: false,
  startDate: null,
  endDate: null,
  crmId: null,
  tags: new Map(),
  tokens: new Map(),
  costs,
});

it.each(Object.keys(differing) as FileType[])('records of type %s are equal when nothing differs', (type) => {
  const [ones, others] = [differing[type](), differing[type]()];
  for (const [index, one] of ones.entries()) {
    for (const [place, other] of others.entries()) expect(areEqual(one, other)).toBe(index === place);
    expect(areEqual(one, undefined)).toBe(false);
  }
  expect(areEqual(undefined, undefined)).toBe(true);
});

const name = fc.constantFrom('Name', 'Stage', 'own', 'Own', '__proto__');
const values = fc.dictionary(
  name,
  fc.oneof(fc.constantFrom('', '1', 'a'), fc.constantFrom(0, 1), fc.boolean()),
);

it('opportunities are equal when all their values are', () => {
  fc.assert(
    fc.property(values, values, (one, other) => {
      const [a, b] = [one, other].map((each) => mObject(['Opportunity', Object.entries(each)]));
      const sorted = (each: object) => JSON.stringify(Object.entries(each).sort());
      expect(areEqual(a, b)).toBe(sorted(one) === sorted(other));
    }),
  );
});
