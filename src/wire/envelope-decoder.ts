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
  write(bytes: Uint8Array): void;
  /** Returns what is known so far; the end of what was written may not have been read yet. */
  beginning(): EnvelopeBeginning;
  end(): Envelope;
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
  const text = createTextDecoding(contentType, { text: xml.write, invalid: xml.malformed });
  let received = 0;

  return {
    write(bytes) {
      received += bytes.length;
      if (received > caps.maxBytes) {
        throw new SoapFault(20012, `The message is longer than ${caps.maxBytes} bytes`);
      }
      text.write(bytes);
    },
    beginning: envelopeReader.beginning,
    end() {
      text.end();
      xml.end();
      return envelopeReader.envelope();
    },
  };
}
