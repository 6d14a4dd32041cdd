import { describe, expect, it } from 'vitest';
import { BodyPieces } from '../../src/server/body-pieces.ts';

const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, index) => index % 251));

function cut(...lengths: number[]): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += pieces.at(-1)?.length ?? 0) {
    pieces.push(bytes.subarray(at, at + (lengths[pieces.length % lengths.length] ?? 1)));
  }
  return pieces;
}

describe('the pieces of a body', () => {
  it.each([[[1]], [[1023]], [[1024]], [[100_000]], [[1, 5000, 1, 1]], [[2000, 3, 1000]]])(
    'of lengths %j are joined as they came',
    (lengths) => {
      const pieces = new BodyPieces();
      for (const piece of cut(...lengths)) pieces.add(piece);
      expect(pieces.joined().equals(bytes)).toBe(true);
    },
  );

  it('can be joined before the last one has come', () => {
    const pieces = new BodyPieces();
    const [half = [], rest = []] = [cut(7).slice(0, 5000), cut(7).slice(5000)];
    for (const piece of half) pieces.add(piece);
    expect(pieces.joined().equals(bytes.subarray(0, 35_000))).toBe(true);
    for (const piece of rest) pieces.add(piece);
    expect(pieces.joined().equals(bytes)).toBe(true);
  });

  it('are none after they were cleared', () => {
    const pieces = new BodyPieces();
    for (const piece of cut(7)) pieces.add(piece);
    pieces.clear();
    expect(pieces.joined()).toHaveLength(0);
  });
});
