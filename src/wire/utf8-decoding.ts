import type { TextDecoding, TextSink } from './text-sink.ts';

/** Returns a Buffer over the same memory. */
export const asBuffer = (bytes: Uint8Array): Buffer =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);

/** Returns how many bytes at the end begin a character that is cut off. */
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

/** Returns the index of the first byte that is not valid UTF-8. */
function firstInvalid(bytes: Buffer): number {
  const again = Buffer.from(bytes.toString('utf8'));
  let index = 0;
  while (index < bytes.length && bytes[index] === again[index]) index++;
  return index;
}

/** Shared by all documents: it decodes whole pieces only, so it keeps no state. */
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Decodes UTF-8 strictly. Carries a character that is cut off over to the next piece, so that each piece can be decoded
 * without TextDecoder's streaming, which is several times slower. Names the first invalid byte.
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
        `the byte 0x${byte} is not UTF-8 here; name the charset in the XML declaration if it is another`,
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
