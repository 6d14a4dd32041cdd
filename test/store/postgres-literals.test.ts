import fc from 'fast-check';
import pg from 'pg';
import { expect, it } from 'vitest';
import { quoteLiteral } from '../../src/store/postgres/sql.ts';

const texts = fc.oneof(
  fc.string({ unit: 'binary' }),
  // Mostly what a literal gives a meaning, and what String.replaceAll would.
  fc.string({ unit: fc.constantFrom("'", '\\', '$', '&', '"', '\n', 'E', 'é', '😀'), maxLength: 40 }),
);

it('a literal is what the driver makes of it', () => {
  fc.assert(
    fc.property(texts, (text) => {
      expect(quoteLiteral(text)).toBe(pg.escapeLiteral(text));
    }),
    { numRuns: 2000 },
  );
});
