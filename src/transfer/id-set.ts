const CHUNK_BITS = 65_536;

/** A set of ids that takes a bit for each where they are dense. */
export class IdSet {
  private readonly chunks = new Map<number, Uint32Array>();

  add(id: number): void {
    const number = Math.floor(id / CHUNK_BITS);
    let chunk = this.chunks.get(number);
    if (chunk === undefined) {
      chunk = new Uint32Array(CHUNK_BITS / 32);
      this.chunks.set(number, chunk);
    }
    const bit = id % CHUNK_BITS;
    chunk[bit >>> 5] = (chunk[bit >>> 5] ?? 0) | (1 << (bit & 31));
  }

  has(id: number): boolean {
    const chunk = this.chunks.get(Math.floor(id / CHUNK_BITS));
    const bit = id % CHUNK_BITS;
    return chunk !== undefined && ((chunk[bit >>> 5] ?? 0) & (1 << (bit & 31))) !== 0;
  }
}
