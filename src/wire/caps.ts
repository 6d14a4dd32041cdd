/**
 * How much one message may ask of the decoder. Going over any of them is fault 20012. A request of 100 mObjects
 * with 500 fields each stays below all of them.
 */
export interface WireCaps {
  /** Open elements at once; the Envelope is the first. */
  readonly maxDepth: number;
  /** Elements of the whole message; a reference (`href`) counts as what it refers to. */
  readonly maxElements: number;
  /** Attributes of one element, namespace declarations among them. */
  readonly maxAttributes: number;
  /** Text directly inside one element, and the values of its attributes as they are written (but namespaces), in UTF-16 units. */
  readonly maxTextLength: number;
  /** Bytes of the message, after inflating. */
  readonly maxBytes: number;
}

export const defaultCaps: WireCaps = {
  maxDepth: 64,
  maxElements: 200_000,
  maxAttributes: 64,
  maxTextLength: 1_000_000,
  maxBytes: 16 * 1024 * 1024,
};
