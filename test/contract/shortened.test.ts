import fc from 'fast-check';
import { expect, it } from 'vitest';
import { characterCount, isLongerThan, shortened } from '../../src/contract/shortened.ts';

const texts = fc.string({ unit: fc.constantFrom('a', 'é', '😀'), maxLength: 40 });
const lengths = fc.integer({ min: 1, max: 30 });

it('a text that is short enough stays as it is', () => {
  expect(shortened('😀', 2)).toBe('😀');
});

it('a longer one is cut between characters, and says so', () => {
  fc.assert(
    fc.property(texts, lengths, (text, atMost) => {
      const short = shortened(text, atMost);
      if (text.length <= atMost) expect(short).toBe(text);
      else {
        expect(short.endsWith('…')).toBe(true);
        expect(short.isWellFormed()).toBe(true);
        expect(text.startsWith(short.slice(0, -1))).toBe(true);
        expect(short.length - 1).toBeGreaterThanOrEqual(atMost - 1);
        expect(short.length - 1).toBeLessThanOrEqual(atMost);
      }
    }),
  );
});

it('characters are counted as code points', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(characterCount(text)).toBe([...text].length);
    }),
  );
});

it('a text is longer than a number if it has more code points', () => {
  fc.assert(
    fc.property(texts, lengths, (text, most) => {
      expect(isLongerThan(text, most)).toBe([...text].length > most);
    }),
  );
});

it('a text of 1 MB without surrogates is counted in no time, as many rows may be refused with it', () => {
  const text = 'a'.repeat(1_000_000);
  const began = performance.now();
  for (let row = 0; row < 1_000; row++) characterCount(text);
  // Reading each unit takes over 3 s.
  expect(performance.now() - began).toBeLessThan(1_000);
});
