/** Removes empty properties: nulls, empty objects and lists. Keeps empty lists of statuses and values. */
export function filled(item: object): object {
  const kept = Object.entries(item).filter(([, value]) => {
    if (value === null || value === undefined) return false;
    return typeof value !== 'object' || Object.keys(value).length > 0;
  });
  return Object.fromEntries(kept);
}
