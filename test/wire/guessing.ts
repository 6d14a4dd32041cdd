import { expect } from 'vitest';
import { SoapFault } from '../../src/contract/faults.ts';
import { defaultCaps, type WireCaps } from '../../src/wire/caps.ts';
import { type CompiledType, compiledType } from '../../src/wire/compiled-type.ts';
import { createEnvelopeReader } from '../../src/wire/envelope-reader.ts';
import { createXmlReader, type XmlPosition } from '../../src/wire/xml-reader.ts';

export interface Reading {
  /** What was read, or the fault with its place. */
  readonly outcome: unknown;
  /** How many elements were read as a whole. */
  readonly whole: number;
}

/** The types by which a request is read; what was learned of their elements stays with them. */
export type Compile = (name: string) => CompiledType;

/** Reads a request with guesses about what comes next, or without. */
export function read(
  pieces: readonly string[],
  caps: WireCaps,
  guessing: boolean,
  compile: Compile = compiledType,
): Reading {
  let reader: ReturnType<typeof createEnvelopeReader> | undefined;
  let whole = 0;
  try {
    const xml = createXmlReader(caps, (position) => {
      const asked: XmlPosition = guessing ? position : { ...position, expectation: { next: undefined } };
      reader = createEnvelopeReader(asked, {
        header: () => compile('AuthenticationHeaderInfo'),
        body: () => compile('ParamsSyncMObjects'),
      });
      const { events } = reader;
      return {
        ...events,
        matched(...match) {
          const count = events.matched?.(...match) ?? 0;
          whole += count;
          return count;
        },
      };
    });
    for (const piece of pieces) xml.write(piece);
    xml.end();
    const envelope = reader?.envelope();
    return { outcome: { ...envelope, unreadable: [...(envelope?.unreadable ?? [])] }, whole };
  } catch (error) {
    if (!(error instanceof SoapFault)) throw error;
    return { outcome: `${error.code} ${error.form} ${error.message}`, whole };
  }
}

/**
 * Expects that guessing changes nothing, neither what was learned before nor what is learned from the document.
 * Answers how many elements were read as a whole, in the end.
 */
export function expectSame(
  pieces: readonly string[],
  caps: WireCaps = defaultCaps,
  compile: Compile = compiledType,
): number {
  const { outcome } = read(pieces, caps, false, compile);
  expect(read(pieces, caps, true, compile).outcome).toEqual(outcome);
  const again = read(pieces, caps, true, compile);
  expect(again.outcome).toEqual(outcome);
  return again.whole;
}
