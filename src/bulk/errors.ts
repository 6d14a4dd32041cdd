/** A bulk sync that cannot go on. `lines`: what is wrong, one line each. */
export class BulkError extends Error {
  override readonly name: string = 'BulkError';
  readonly lines: readonly string[];

  constructor(lines: readonly string[], options?: ErrorOptions) {
    super(lines.join('\n'), options);
    this.lines = lines;
  }
}
