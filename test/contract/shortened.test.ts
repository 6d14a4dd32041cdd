import fc from 'fast-check';
import { expect, it } from 'vitest';
import { characterCount, shortened } from '../../src/contract/shortened.ts';

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
