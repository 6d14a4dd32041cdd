import { expect, it } from 'vitest';
import { unknownFieldsTexts } from '../../../src/rules/leads/unknown-lead-fields.ts';
import { catalogueOf, fieldOwners, type Schema } from '../../../src/rules/schema.ts';

const schema = {
  fields: Object.fromEntries(fieldOwners.map((owner) => [owner, catalogueOf(owner, [])])),
} as unknown as Schema;

it('an unknown field is named with the closest known one', () => {
  expect(unknownFieldsTexts(schema)(['FirstNam'])).toContain('"FirstNam" (did you mean FirstName?)');
});

it('of the unknown names of a call the first 100 get a suggestion', () => {
  const textOf = unknownFieldsTexts(schema);
  for (let row = 0; row < 10; row++) {
    textOf(Array.from({ length: 10 }, (_, index) => `FirstName${row * 10 + index}`));
  }
  expect(textOf(['LastNam'])).not.toContain('did you mean');
  expect(textOf(['FirstName99'])).toContain('did you mean FirstName?');
});
