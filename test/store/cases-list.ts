import { beforeEach, expect, it } from 'vitest';
import type { ListFilter, ListQuery } from '../../src/rules/list-query.ts';
import type { CaseContext } from './conformance.ts';
import { create, role } from './fixture.ts';

/** Pages of records of any type, by the values of their columns. */
export function listCases({ opened }: CaseContext): void {
  const time = (day: number) => `2026-11-${String(day).padStart(2, '0')}T00:00:00.000Z`;
  beforeEach(async () => {
    const roles = [
      role(1, { OpportunityId: 1, PersonId: 30, Role: 'a', IsPrimary: true, ExternalCreatedDate: time(1) }),
      role(2, { OpportunityId: 1, PersonId: 20, Role: 'B', IsPrimary: false, ExternalCreatedDate: time(4) }),
      role(3, { OpportunityId: 1, PersonId: 10, ExternalCreatedDate: time(3) }),
      role(4, { OpportunityId: 2, PersonId: 10, Role: '\0', ExternalCreatedDate: time(2) }),
      role(5, { OpportunityId: 2, PersonId: 40 }),
    ];
    await create(opened().store, ...roles);
  });

  const type = 'OpportunityPersonRole';
  const ids = async (query: Partial<ListQuery>) => {
    const { records, hasMore } = await opened().store.list({ type, where: [], limit: 10, ...query });
    return [...records.map(({ id }) => id), ...(hasMore ? ['more'] : [])];
  };

  it('pages through all records by id, in both directions', async () => {
    expect(await ids({ limit: 2 })).toEqual([1, 2, 'more']);
    expect(await ids({ limit: 3, after: 2 })).toEqual([3, 4, 5]);
    expect(await ids({ limit: 2, descending: true })).toEqual([5, 4, 'more']);
    expect(await ids({ limit: 9, descending: true, after: 2 })).toEqual([1]);
    expect(await ids({ after: 5 })).toEqual([]);
  });

  it('pages by another property', async () => {
    const where = [{ property: 'OpportunityId', equals: 1 }];
    expect(await ids({ where, by: 'PersonId', limit: 2 })).toEqual([3, 2, 'more']);
    expect(await ids({ where, by: 'PersonId', after: 20 })).toEqual([1]);
    expect(await ids({ where, by: 'PersonId', after: 30, descending: true })).toEqual([2, 3]);
  });

  it.each<[string, ListFilter['where'], number[]]>([
    ['a value', [{ property: 'Role', equals: 'a' }], [1]],
    ['a value that no database likes', [{ property: 'Role', equals: '\0' }], [4]],
    ['a flag', [{ property: 'IsPrimary', equals: false }], [2]],
    ['no value', [{ property: 'Role', equals: null }], [3, 5]],
    ['one of some values', [{ property: 'Role', in: ['a', 'B', 'c'] }], [1, 2]],
    ['one of no values', [{ property: 'PersonId', in: [] }], []],
    ['none of some values', [{ property: 'Role', notIn: ['a'] }], [2, 3, 4, 5]],
    ['none of no values', [{ property: 'PersonId', notIn: [] }], [1, 2, 3, 4, 5]],
    ['a range of numbers', [{ property: 'PersonId', from: 20, to: 30 }], [1, 2]],
    ['a range of times', [{ property: 'ExternalCreatedDate', from: time(2), to: time(3) }], [3, 4]],
    ['a range without end', [{ property: 'ExternalCreatedDate', from: time(3) }], [2, 3]],
    [
      'a value in other records',
      [
        {
          property: 'PersonId',
          in: { type, property: 'PersonId', where: [{ property: 'OpportunityId', equals: 2 }] },
        },
      ],
      [3, 4, 5],
    ],
    [
      'several conditions',
      [
        { property: 'OpportunityId', equals: 1 },
        { property: 'ExternalCreatedDate', from: time(3) },
      ],
      [2, 3],
    ],
  ])('finds and counts records with %s', async (_, where, found) => {
    expect(await ids({ where })).toEqual(found);
    expect(await ids({ where, descending: true })).toEqual(found.toReversed());
    expect(await opened().store.count({ type, where })).toBe(found.length);
  });
}
