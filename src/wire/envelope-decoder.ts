import { SoapFault } from '../contract/faults.ts';
import type { WireCaps } from './caps.ts';
import { createEnvelopeReader, type Envelope, type EnvelopeInterest } from './envelope-reader.ts';
import { createTextDecoding } from './text-decoding.ts';
import { createXmlReader } from './xml-reader.ts';

/** Bytes to envelope: decoding, XML, SOAP. Both methods throw `SoapFault` 20012, after which it is spent. */
export interface EnvelopeDecoder {
  write(bytes: Uint8Array): void;
  end(): Envelope;
}

/** A decoder of one document, given in pieces that may be cut anywhere. */
export function createEnvelopeDecoder(
  contentType: string | undefined,
  caps: WireCaps,
  interest: EnvelopeInterest,
): EnvelopeDecoder {
  let envelopeReader: ReturnType<typeof createEnvelopeReader> | undefined;
  const xml = createXmlReader(caps, (position) => {
    envelopeReader = createEnvelopeReader(position, interest);
    return envelopeReader.events;
  });
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
    end() {
      text.end();
      xml.end();
      return (envelopeReader as ReturnType<typeof createEnvelopeReader>).envelope();
    },
  };
}
