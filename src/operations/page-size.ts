/** Returns the size of a page: as asked by batchSize, but `most` if that is missing, not positive or larger. */
export const pageSize = (batchSize: number | null | undefined, most: number): number =>
  batchSize == null || batchSize <= 0 || batchSize > most ? most : batchSize;
