import { SoapFault } from '../contract/faults.ts';
import type { WireCaps } from './caps.ts';
import {
  createEnvelopeReader,
  type Envelope,
  type EnvelopeBeginning,
  type EnvelopeInterest,
} from './envelope-reader.ts';
import { createTextDecoding } from './text-decoding.ts';
import { createXmlReader } from './xml-reader.ts';

/** Decodes bytes to an envelope. `write` and `end` throw `SoapFault` 20012, after which it must not be used. */
export interface EnvelopeDecoder {
  /**
   * Decodes a document's first bytes, and reads them up to the start of the message in Body, or at most this many
   * characters. The rest, and mistakes in it, wait for `write` or `end`.
   */
  readHead(bytes: Uint8Array, most: number): void;
  write(bytes: Uint8Array): void;
  /** Returns what is known so far; the end of what was written may not have been read yet. */
  beginning(): EnvelopeBeginning;
  end(): Envelope;
}

/** Thrown for bytes that cannot be decoded, behind what has been read. */
class UnreadMistake extends Error {
  override readonly name = 'UnreadMistake';
}

/** Returns a decoder of one document, written in pieces that may be cut anywhere. */
export function createEnvelopeDecoder(
  contentType: string | undefined,
  caps: WireCaps,
  interest: EnvelopeInterest,
): EnvelopeDecoder {
  let reader: ReturnType<typeof createEnvelopeReader> | undefined;
  const xml = createXmlReader(caps, (position) => {
    reader = createEnvelopeReader(position, interest);
    return reader.events;
  });
  const envelopeReader = reader as unknown as ReturnType<typeof createEnvelopeReader>;
  const text = createTextDecoding(contentType, { text: xml.write, invalid });
  let received = 0;
  /** Throws for what could not be decoded behind the start of the message. */
  let refuseRest: (() => never) | undefined;

  function invalid(what: string): never {
    if (!xml.isStopped()) return xml.malformed(what);
    refuseRest = () => xml.malformed(what);
    throw new UnreadMistake();
  }

  function decode(bytes: Uint8Array): void {
    received += bytes.length;
    if (received > caps.maxBytes) {
      throw new SoapFault(20012, `The message is longer than ${caps.maxBytes} bytes`);
    }
    text.write(bytes);
  }

  function resume(): void {
    xml.resume();
    refuseRest?.();
  }

  return {
    readHead(bytes, most) {
      xml.readTo(most);
      try {
        decode(bytes);
      } catch (error) {
        if (!xml.isStopped()) throw error;
        refuseRest ??= () => {
          throw error;
        };
      }
    },
    write(bytes) {
      resume();
      decode(bytes);
    },
    beginning: envelopeReader.beginning,
    end() {
      resume();
      text.end();
      xml.end();
      return envelopeReader.envelope();
    },
  };
}
