/** What came of a measurement's calls. `p50` and `p99` in milliseconds, `clientCpu` of the process that made the calls in seconds. */
export interface LoadFigures {
  readonly calls: number;
  readonly seconds: number;
  readonly p50: number;
  readonly p99: number;
  readonly clientCpu: number;
}

/** One measurement: what the load generator saw, and the CPU time that the server took. */
export interface Measurement extends LoadFigures {
  readonly rows: number;
  /** CPU seconds of the server's process. */
  readonly cpuSeconds: number;
}

/** A median and the range that it is the median of. */
export interface Spread {
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
}

export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (index: number) => sorted[index] ?? Number.NaN;
  const middle = (sorted.length - 1) / 2;
  return {
    median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2,
    lowest: at(0),
    highest: at(sorted.length - 1),
  };
}

export const callsPerSecond = ({ calls, seconds }: Measurement) => calls / seconds;
export const objectsPerSecond = (each: Measurement) => callsPerSecond(each) * each.rows;
export const cpuPer1000 = ({ cpuSeconds, calls, rows }: Measurement) => (cpuSeconds * 1000) / (calls * rows);

/** The figures of one target in one case. */
export interface CaseFigures {
  readonly callsPerSecond: Spread;
  readonly objectsPerSecond: Spread;
  readonly p50: Spread;
  readonly p99: Spread;
  readonly cpuPer1000: Spread;
}

export const figuresOf = (rounds: readonly Measurement[]): CaseFigures => ({
  callsPerSecond: spread(rounds.map(callsPerSecond)),
  objectsPerSecond: spread(rounds.map(objectsPerSecond)),
  p50: spread(rounds.map(({ p50 }) => p50)),
  p99: spread(rounds.map(({ p99 }) => p99)),
  cpuPer1000: spread(rounds.map(cpuPer1000)),
});

/** The ratio of a figure of two targets, round by round, so that what slows both down cancels out. */
export function ratios(
  of: readonly Measurement[],
  to: readonly Measurement[],
  figure: (measurement: Measurement) => number,
): Spread {
  return spread(
    of.flatMap((each, round) => {
      const other = to[round];
      return other === undefined ? [] : [figure(each) / figure(other)];
    }),
  );
}
