import type { LoadFigures } from './load.ts';

/** Runs connections that note the time of each call, in milliseconds, and says what came of it. */
export async function timed(times: number[], start: () => readonly Promise<void>[]): Promise<LoadFigures> {
  const began = performance.now();
  const cpu = process.cpuUsage();
  await Promise.all(start());
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  return { calls: times.length, seconds, p50: at(0.5), p99: at(0.99), clientCpu: (user + system) / 1e6 };
}
