import fc from 'fast-check';
import { expect, it } from 'vitest';
import { storedTypes } from '../../src/contract/fields.ts';
import {
  type FieldValue,
  fieldValues,
  fieldValuesOfRow,
  valueFields,
} from '../../src/records/field-values.ts';
import { fieldColumns } from '../../src/store/columns.ts';

const names = ['Amount', 'IsWon', 'Name', 'Type', 'own', 'Own', '__proto__'];
const step = fc.record({
  name: fc.constantFrom(...names),
  value: fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)),
});

type Step = { readonly name: string; readonly value: FieldValue | null };

interface Changeable {
  set(name: string, value: FieldValue): unknown;
  delete(name: string): unknown;
}

function apply(steps: readonly Step[], ...tables: Changeable[]) {
  for (const { name, value } of steps) {
    for (const table of tables) value === null ? table.delete(name) : table.set(name, value);
  }
}

it('values of fields are kept as in a map, and a copy has a life of its own', () => {
  fc.assert(
    fc.property(fc.array(step), fc.array(step), (first, then) => {
      const [table, model] = [fieldValues('Opportunity'), new Map<string, FieldValue>()];
      apply(first, table, model);
      const before = new Map(model);
      const copy = table.copy();
      apply(then, copy, model);
      for (const [values, expected] of [
        [table, before],
        [copy, model],
      ] as const) {
        expect(new Map(values.entries())).toEqual(expected);
        for (const name of names) {
          expect(values.get(name)).toBe(expected.get(name));
          expect(values.has(name)).toBe(expected.has(name));
          expect(copy.agrees(name, table)).toBe(model.get(name) === before.get(name));
        }
      }
      const custom = ['own', 'Own', '__proto__'];
      const isSame = custom.every((name) => model.get(name) === before.get(name));
      expect([copy.agreesInCustom(table), table.agreesInCustom(copy)]).toEqual([isSame, isSame]);
      const isEqual = names.every((name) => model.get(name) === before.get(name));
      expect([copy.equals(table), table.equals(copy)]).toEqual([isEqual, isEqual]);
    }),
  );
});

it('custom values of a row are read when they are first asked for, and once for all copies', () => {
  const row = valueFields.Opportunity.map(() => null);
  let reads = 0;
  const read = () => {
    reads++;
    return { own: 1 };
  };
  const values = fieldValuesOfRow('Opportunity', row, read);
  const copy = values.copy();
  copy.set('Name', 'One');
  expect([copy.agreesInCustom(values), copy.agrees('own', values), copy.agrees('Name', values)]).toEqual([
    true,
    true,
    false,
  ]);
  expect(reads).toBe(0);
  expect([values.get('own'), copy.get('own'), reads]).toEqual([1, 1, 1]);
});

it('values stand in the order of describe, and are read from a row of that order', () => {
  const row = valueFields.OpportunityPersonRole.map(({ name }) => (name === 'Role' ? 'User' : null));
  const values = fieldValuesOfRow('OpportunityPersonRole', row, () => ({ own: 1 }));
  expect([...values.entries()]).toEqual([
    ['Role', 'User'],
    ['own', 1],
  ]);
  expect(values).toEqual(
    fieldValues('OpportunityPersonRole', [
      ['own', 1],
      ['Role', 'User'],
    ]),
  );
});

it.each(storedTypes)('values of %s stand in the order of its columns', (type) => {
  expect(fieldColumns[type].map(({ field }) => field)).toEqual(valueFields[type]);
});
