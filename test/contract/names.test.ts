import { describe, expect, it } from 'vitest';
import { nameProblem } from '../../src/contract/names.ts';

describe('a name', () => {
  it.each(['a', 'Müller GmbH', '東京 👍', 'x'.repeat(255), 'a\u200db'])('can be %j', (name) => {
    expect(nameProblem(name)).toBeUndefined();
  });

  it.each([
    ['', 'has 0 characters; expected 1 to 255'],
    ['x'.repeat(256), 'has 256 characters'],
    [' a', 'white space around it'],
    ['a\nb', 'U+000A'],
    ['a\u0000', 'U+0000'],
    ['a\u007fb', 'U+007F'],
    ['a\u2028b', 'U+2028'],
    ['a\ud800b', 'U+D800'],
    ['a\uffffb', 'U+FFFF'],
  ])('cannot be %j', (name, why) => {
    expect(nameProblem(name)).toContain(why);
  });
});
