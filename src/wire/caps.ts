/**
 * Limits of one message; exceeding any is fault 20012. A request of 100 mObjects with 500 fields each stays below all
 * of them.
 */
export interface WireCaps {
  /** Depth of nested elements, the Envelope included. */
  readonly maxDepth: number;
  /** Elements of the message; a reference (`href`) counts as all elements it stands for. */
  readonly maxElements: number;
  /** Attributes of one element, namespace declarations included. */
  readonly maxAttributes: number;
  /** Text directly inside one element, and its attribute values unresolved and without namespaces, in UTF-16 units. */
  readonly maxTextLength: number;
  /** Bytes of the message, after inflating; also UTF-16 units of its text, where references count as what they refer to. */
  readonly maxBytes: number;
}

export const defaultCaps: WireCaps = {
  maxDepth: 64,
  maxElements: 200_000,
  maxAttributes: 64,
  maxTextLength: 1_000_000,
  maxBytes: 16 * 1024 * 1024,
};
