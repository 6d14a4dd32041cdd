import type { TextDecoding, TextSink } from './text-decoding.ts';

/** The same bytes, not a copy. */
export const asBuffer = (bytes: Uint8Array): Buffer =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);

/** How many bytes at the end are the beginning of a character whose rest is not there. */
function unfinished(bytes: Buffer): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return length > back ? back : 0;
    }
  }
  return 0;
}

/** The index of the first byte that is no part of a UTF-8 character. */
function firstInvalid(bytes: Buffer): number {
  const again = Buffer.from(bytes.toString('utf8'));
  let index = 0;
  while (index < bytes.length && bytes[index] === again[index]) index++;
  return index;
}

/** Decodes whole pieces only, so it has no state and is everyone's. */
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Strict UTF-8. It cuts off an unfinished character itself and decodes the rest in one go, which is several times
 * faster than TextDecoder's own streaming, and lets it say which byte is wrong.
 */
export function createUtf8Decoding(sink: TextSink): TextDecoding {
  let carried: Buffer | undefined;

  function decode(bytes: Buffer): void {
    let text: string;
    try {
      text = decoder.decode(bytes);
    } catch {
      const index = firstInvalid(bytes);
      sink.text(bytes.toString('utf8', 0, index));
      const byte = (bytes[index] ?? 0).toString(16).toUpperCase().padStart(2, '0');
      sink.invalid(
        `the byte 0x${byte} is no UTF-8 here; name the charset in the XML declaration if it is another`,
      );
    }
    sink.text(text);
  }

  return {
    write(piece) {
      const bytes = carried === undefined ? asBuffer(piece) : Buffer.concat([carried, piece]);
      const rest = unfinished(bytes);
      carried = rest === 0 ? undefined : Buffer.from(bytes.subarray(bytes.length - rest));
      decode(rest === 0 ? bytes : bytes.subarray(0, bytes.length - rest));
    },
    end() {
      if (carried !== undefined) decode(carried);
    },
  };
}
