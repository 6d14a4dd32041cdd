/** Stream positions that the server handed out, by the type of the request that takes them. */
export interface Positions {
  of(requestType: string): readonly string[];
  add(requestType: string, position: string): void;
}

/** The newest positions of each type: so many, and now and then twice as many. */
const KEPT = 25;

export function createPositions(): Positions {
  const byType = new Map<string, string[]>();
  return {
    of: (type) => byType.get(type) ?? [],
    add(type, position) {
      const held = byType.get(type) ?? [];
      held.push(position);
      if (held.length > 2 * KEPT) held.splice(0, held.length - KEPT);
      byType.set(type, held);
    },
  };
}
