/** Smaller pieces are copied together, since Node takes over 100 bytes for each besides its content. */
const SMALL_BYTES = 1024;
const BLOCK_BYTES = 16 * 1024;

/** Collects the pieces of a body in memory proportional to the body's length, however small the pieces are. */
export class BodyPieces {
  private pieces: Buffer[] = [];
  /** The buffer that small pieces are copied to, until it is full or a large piece follows. */
  private block: Buffer | undefined;
  private used = 0;

  add(piece: Buffer): void {
    // Most bodies come in one piece, which is not copied.
    if (piece.length >= SMALL_BYTES || (this.pieces.length === 0 && this.block === undefined)) {
      this.endBlock();
      this.pieces.push(piece);
      return;
    }
    if (this.used + piece.length > BLOCK_BYTES) this.endBlock();
    this.block ??= Buffer.allocUnsafeSlow(BLOCK_BYTES);
    this.used += piece.copy(this.block, this.used);
  }

  /** Returns all pieces as one. */
  joined(): Buffer {
    this.endBlock();
    return this.pieces.length === 1 ? (this.pieces[0] as Buffer) : Buffer.concat(this.pieces);
  }

  clear(): void {
    this.pieces = [];
    this.block = undefined;
    this.used = 0;
  }

  private endBlock(): void {
    if (this.block !== undefined) this.pieces.push(this.block.subarray(0, this.used));
    this.block = undefined;
    this.used = 0;
  }
}
