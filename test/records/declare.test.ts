import { expect, it } from 'vitest';
import { declarationOf } from '../../src/records/all.ts';

it('fields named as properties of any object have no property of their own', () => {
  const held = declarationOf.Lead.fieldProperties ?? {};
  expect(Object.keys(held)).toEqual(['Email']);
  expect(['toString', 'constructor', '__proto__'].map((name) => held[name])).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});
