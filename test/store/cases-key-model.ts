import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { FieldValue } from '../../src/records/field-values.ts';
import { keyText } from '../../src/records/field-values.ts';
import type { WantedKey } from '../../src/rules/facts.ts';
import type { CaseContext } from './conformance.ts';
import { changed, field, opportunity, wanted, write } from './fixture.ts';

type Values = Record<string, FieldValue>;
type Step =
  | { readonly do: 'create' | 'change'; readonly pick: number; readonly values: Values }
  | { readonly do: 'remove'; readonly pick: number }
  | { readonly do: 'loosen'; readonly pick: number; readonly name: string; readonly value: string }
  | { readonly do: 'define' }
  | { readonly do: 'undefine' }
  | { readonly do: 'ask'; readonly name: string };

const text = fc.constantFrom('a', 'b', '1', 'true');
const values: fc.Arbitrary<Values> = fc.record(
  {
    Name: text,
    Probability: fc.constantFrom(1, 2),
    IsWon: fc.boolean(),
    myText: text,
    myNumber: fc.constantFrom(1, 0.5),
    later: text,
  },
  { requiredKeys: [] },
);
const names = ['name', 'probability', 'iswon', 'mytext', 'mynumber', 'later', 'loose'];
const pick = fc.nat(9);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constantFrom('create' as const, 'change' as const), pick, values }),
  fc.record({ do: fc.constant('remove' as const), pick }),
  fc.record({
    do: fc.constant('loosen' as const),
    pick,
    name: fc.constantFrom('Loose', 'Later'),
    value: text,
  }),
  fc.constantFrom<Step>({ do: 'define' }, { do: 'define' }, { do: 'undefine' }),
  fc.record({ do: fc.constant('ask' as const), name: fc.constantFrom(...names) }),
);

/** Objects in a map, every key looked up by a walk over all of them. */
class NaiveStore {
  readonly objects = new Map<number, { values: Values; loose: Record<string, string> }>();
  /** Whether `later` is a field. */
  isDefined = false;
  last = 0;

  holders({ name, value }: WantedKey): number[] {
    return [...this.objects]
      .filter(([, { values: held, loose }]) =>
        [...Object.entries(held), ...Object.entries(loose)].some(
          ([heldName, heldValue]) => heldName.toLowerCase() === name && keyText(heldValue) === value,
        ),
      )
      .map(([id]) => id)
      .sort((a, b) => b - a);
  }

  /** Those of the values whose fields are defined. */
  defined({ later, ...others }: Values): Values {
    return this.isDefined && later !== undefined ? { ...others, later } : others;
  }

  pick(number: number): number | undefined {
    return [...this.objects.keys()][number % Math.max(1, this.objects.size)];
  }
}

export function keyModelCases({ engine }: CaseContext): void {
  it('any sequence of changes leaves every key with its holders', { timeout: 300_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const { store, cleanup } = await engine.open();
        const model = new NaiveStore();
        const asked = new Set<string>();

        async function compare(): Promise<void> {
          const keys = [...asked].flatMap((name) =>
            ['a', 'b', '1', '2', '0.5', 'true', 'false'].map(
              (value): WantedKey => ({
                type: 'Opportunity',
                name,
                value,
              }),
            ),
          );
          const found = await store.apply(wanted({ keys, depth: 100 }), (facts) => ({
            changes: { records: [], looseKeys: [], newFields: [] },
            answer: keys.map((key) => facts.keys.get(key)),
            journal: null,
          }));
          expect(found).toEqual(keys.map((key) => model.holders(key)));
        }

        try {
          await write(store, {
            newFields: [
              { owner: 'Opportunity', field: field('myText') },
              { owner: 'Opportunity', field: field('myNumber', { dataType: 'float' }) },
            ],
          });
          for (const each of steps) {
            if (each.do === 'ask') {
              asked.add(each.name);
              await compare();
              continue;
            }
            if (each.do === 'create') {
              model.last += 1;
              const created = model.defined(each.values);
              model.objects.set(model.last, { values: created, loose: {} });
              await write(store, { records: [opportunity(model.last, created)] });
              continue;
            }
            if (each.do === 'define') {
              model.isDefined = true;
              await write(store, { newFields: [{ owner: 'Opportunity', field: field('later') }] });
              continue;
            }
            if (each.do === 'undefine') {
              model.isDefined = false;
              const records = [...model.objects].flatMap(([id, object]) => {
                if (object.values.later === undefined) return [];
                const before = object.values;
                object.values = model.defined(before);
                return [changed(id, before, object.values)];
              });
              await write(store, { records, removedFields: [{ owner: 'Opportunity', name: 'later' }] });
              continue;
            }
            const id = model.pick(each.pick);
            const object = id === undefined ? undefined : model.objects.get(id);
            if (id === undefined || object === undefined) continue;
            const before = opportunity(id, object.values).after;
            if (each.do === 'loosen') {
              object.loose[each.name] = each.value;
              await write(store, {
                looseKeys: [{ type: 'Opportunity', id, name: each.name, value: each.value }],
              });
            } else {
              const now = each.do === 'change' ? model.defined(each.values) : undefined;
              const after = now && opportunity(id, now).after;
              if (now !== undefined) object.values = now;
              else model.objects.delete(id);
              await write(store, {
                records: [{ ...opportunity(id), before, after } as ReturnType<typeof opportunity>],
              });
            }
          }
          for (const name of names) asked.add(name);
          await compare();
        } finally {
          await cleanup();
        }
      }),
      { numRuns: 60 },
    );
  });
}
