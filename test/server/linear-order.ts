/** One write or one read of an object, as a client saw it. `began` and `ended` are places in the order of events. */
export interface Seen {
  readonly kind: 'write' | 'read';
  /** Each value is written once. A read of `null`: the object was not there. */
  readonly value: string | null;
  readonly began: number;
  /** Infinity: nobody knows whether and when the write was applied. */
  readonly ended: number;
}

/**
 * From when to when a value must have been the object's: from the first moment at which one of its operations had ended
 * to the last at which one began. `until` before `from`: it need not have been for longer than a moment between the two.
 */
interface Zone {
  readonly value: string | null;
  readonly from: number;
  readonly until: number;
}

/**
 * Whether these operations on one object can be put in an order that agrees with what was seen: each one at a moment
 * between its begin and its end, each read returning what was written last. Empty: there is such an order. Otherwise
 * lines that say what contradicts it. The object is not there at first.
 *
 * The test by zones is of Gibbons and Korach, "Testing shared memories" (1997), for values that are written once.
 */
export function brokenOrder(operations: readonly Seen[]): string[] {
  const never: Seen = { kind: 'write', value: null, began: -2, ended: -1 };
  const byValue = Map.groupBy([never, ...operations], ({ value }) => value);
  const broken: string[] = [];
  const zones: Zone[] = [];
  for (const [value, seen] of byValue) {
    const write = seen.find(({ kind }) => kind === 'write');
    const early = seen.find(({ ended }) => write !== undefined && ended < write.began);
    if (write === undefined) broken.push(`${value} was read, and nobody wrote it`);
    else if (early !== undefined) broken.push(`${value} was read before anybody wrote it`);
    else if (seen.length > 1 || write.ended !== Number.POSITIVE_INFINITY) zones.push(zoneOf(value, seen));
  }
  return [...broken, ...brokenZones(zones)];
}

const zoneOf = (value: string | null, seen: readonly Seen[]): Zone => ({
  value,
  from: Math.min(...seen.map(({ ended }) => ended)),
  until: Math.max(...seen.map(({ began }) => began)),
});

const shown = ({ value }: Zone) => value ?? 'nothing';

function brokenZones(zones: readonly Zone[]): string[] {
  const lasting = zones.filter(({ from, until }) => from < until).sort((a, b) => a.from - b.from);
  const momentary = zones.filter(({ from, until }) => from > until);
  return [
    ...lasting.flatMap((zone, index) => {
      const next = lasting[index + 1];
      return next !== undefined && next.from < zone.until
        ? [`${shown(zone)} was still read after ${shown(next)} had taken its place, or the other way round`]
        : [];
    }),
    ...momentary.flatMap((zone) => {
      const around = lasting.find(({ from, until }) => from < zone.until && zone.from < until);
      return around === undefined
        ? []
        : [`${shown(zone)} was written or read while ${shown(around)} was there before and afterwards`];
    }),
  ];
}
