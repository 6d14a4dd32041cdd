import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { WantedKey } from '../../src/mobjects/facts.ts';
import { KeyHolderTable } from '../../src/mobjects/key-holders.ts';

const types = ['Opportunity', 'Company'] as const;
/** Keys of which many are the same, some as one object and some not. */
const someKeys = fc.array(
  fc.record({
    type: fc.constantFrom(...types),
    name: fc.constantFrom('a', 'b'),
    value: fc.nat(5).map(String),
  }),
  { minLength: 1, maxLength: 12 },
);
const step = fc.record({ pick: fc.nat(), isSet: fc.boolean(), isCopy: fc.boolean() });

it('holders are found by type, name and value, in whatever order they are asked for', () => {
  fc.assert(
    fc.property(someKeys, fc.array(step, { maxLength: 60 }), (keys: WantedKey[], steps) => {
      const table = new KeyHolderTable();
      const model = new Map<string, number[]>();
      for (const { pick, isSet, isCopy } of steps) {
        const picked = keys[pick % keys.length] as WantedKey;
        const key = isCopy ? { ...picked } : picked;
        const identity = JSON.stringify([key.type, key.name, key.value]);
        if (isSet) {
          // Holders do not change while they are loaded.
          const holders = model.get(identity) ?? [model.size];
          model.set(identity, holders);
          table.set(key, holders);
        } else {
          expect(table.get(key)).toEqual(model.get(identity));
        }
      }
    }),
  );
});
