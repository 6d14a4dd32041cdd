import { PendingReference } from './pending-reference.ts';

/**
 * Counts the UTF-16 units of text (and bytes of binary data) in values, counting a value as often as it occurs. A
 * resolved reference counts as its values. Each object is counted once and remembered, so it must not change its size.
 */
export class TextSizes {
  private readonly known = new Map<object, number>();

  of(value: unknown): number {
    if (typeof value === 'string') return value.length;
    if (typeof value !== 'object' || value === null) return 0;
    if (ArrayBuffer.isView(value)) return value.byteLength;
    let size = this.known.get(value);
    if (size === undefined) {
      size = 0;
      const parts = value instanceof PendingReference ? (value.values ?? []) : Object.values(value);
      for (const part of parts) size += this.of(part);
      this.known.set(value, size);
    }
    return size;
  }
}
