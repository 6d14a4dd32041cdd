import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { WantedKey } from '../../src/rules/facts.ts';
import { KeyHolderTable } from '../../src/store/key-holders.ts';

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
const step = fc.record({ pick: fc.nat(), isSet: fc.boolean(), isCopy: fc.boolean(), isNext: fc.boolean() });

it('holders are found by type, name and value, in whatever order they are asked for', () => {
  fc.assert(
    fc.property(someKeys, fc.array(step, { maxLength: 60 }), (keys: WantedKey[], steps) => {
      const table = new KeyHolderTable();
      const model = new Map<string, number[]>();
      for (const { pick, isSet, isCopy, isNext } of steps) {
        // In a later round a key can have other holders.
        if (isNext) table.nextRound();
        const picked = keys[pick % keys.length] as WantedKey;
        const key = isCopy ? { ...picked } : picked;
        const identity = JSON.stringify([key.type, key.name, key.value]);
        if (isSet) {
          const holders = (isNext ? undefined : model.get(identity)) ?? [model.size, pick];
          model.set(identity, holders);
          table.set(key, holders, (holders.at(-1) ?? 0) % 3 === 0);
        } else {
          expect(table.get(key)).toEqual(model.get(identity));
          expect(table.isCut(key)).toBe((model.get(identity)?.at(-1) ?? 1) % 3 === 0);
        }
      }
    }),
  );
});
