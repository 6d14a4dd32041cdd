import type { LoadFigures } from './figures.ts';

/** The times of calls that connections make at once, in one or several goes. */
export interface Times {
  /** Notes how long a call took, in milliseconds. */
  note(time: number): void;
  /** Runs connections until all have ended. */
  measure(start: () => readonly Promise<void>[]): Promise<void>;
  /** How long they have run, in seconds. */
  seconds(): number;
  figures(): LoadFigures;
}

export function createTimes(): Times {
  const times: number[] = [];
  let seconds = 0;
  let clientCpu = 0;

  return {
    note: (time) => void times.push(time),
    async measure(start) {
      const began = performance.now();
      const cpu = process.cpuUsage();
      await Promise.all(start());
      seconds += (performance.now() - began) / 1000;
      const { user, system } = process.cpuUsage(cpu);
      clientCpu += (user + system) / 1e6;
    },
    seconds: () => seconds,
    figures() {
      times.sort((a, b) => a - b);
      const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
      return { calls: times.length, seconds, p50: at(0.5), p99: at(0.99), clientCpu };
    },
  };
}
