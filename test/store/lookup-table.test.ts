import { expect, it } from 'vitest';
import { lookup } from '../../src/rules/lookups.ts';
import { distinctLookups } from '../../src/store/lookup-table.ts';

it('of equal lookups one is loaded, and the one that asks for all records', () => {
  const [a, b] = [lookup('Lead', 'email', 'a@x.org'), lookup('Lead', 'email', 'b@x.org')];
  const all = { ...lookup('Lead', 'email', 'A@x.org'), all: true };
  expect(distinctLookups([a, b, a, b])).toEqual([a, b]);
  expect(distinctLookups([a, all, b, a])).toEqual([all, b]);
  expect(distinctLookups([a, b])).toEqual([a, b]);
});
