import { describe, expect, it } from 'vitest';
import { fieldNameProblem } from '../../src/rules/field-names.ts';

describe('the name of a custom field', () => {
  it.each([
    ['Opportunity', 'FSOpportunityID'],
    ['Lead', 'createdAt'],
    ['Company', 'Email'],
  ] as const)('of %s can be %j', (owner, name) => {
    expect(fieldNameProblem(owner, name)).toBeUndefined();
  });

  it.each([
    ['Opportunity', 'amount', 'standard field of Opportunity'],
    ['Opportunity', 'ID', 'standard field of Opportunity'],
    ['Lead', 'email', 'standard field of Lead'],
    ['Company', 'NAME', 'standard field of Company'],
    ['Opportunity', 'createdAt', 'set by the server'],
    ['OpportunityPersonRole', 'UPDATEDAT', 'set by the server'],
    ['Opportunity', 'a\u0001', 'U+0001'],
    ['Opportunity', ' a', 'white space'],
  ] as const)('of %s cannot be %j', (owner, name, why) => {
    expect(fieldNameProblem(owner, name)).toContain(why);
  });
});
