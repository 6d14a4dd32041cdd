/**
 * Counts the UTF-16 units of text (and bytes of binary data) in a message, counting a value as often as it occurs in
 * it. Takes time proportional to the message in memory, where a shared value is one object.
 */
export function textSizeOf(message: object): number {
  const known = new Map<object, number>();

  function sizeOf(value: unknown): number {
    if (typeof value === 'string') return value.length;
    if (typeof value !== 'object' || value === null) return 0;
    if (ArrayBuffer.isView(value)) return value.byteLength;
    let size = known.get(value);
    if (size === undefined) {
      size = 0;
      for (const part of Object.values(value)) size += sizeOf(part);
      known.set(value, size);
    }
    return size;
  }

  return sizeOf(message);
}
