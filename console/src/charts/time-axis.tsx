import type { Bucket } from '../api.ts';

/** Returns the beginning of a bucket for an axis. */
export const clock = (at: string, bucketSeconds: number): string => {
  const date = new Date(at);
  return bucketSeconds >= 86_400
    ? date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })
    : date.toLocaleTimeString('en-GB', {
        hour: '2-digit',
        minute: '2-digit',
        ...(bucketSeconds < 60 ? { second: '2-digit' } : {}),
      });
};

/**
 * The times below a chart, as many as fit. `keepsEndFree`: leaves out a time for which the rest of the axis is too short,
 * where the last bucket stands at its very end.
 */
export function TimeAxis({
  buckets,
  bucketSeconds,
  width,
  height,
  x,
  keepsEndFree = false,
}: {
  readonly buckets: readonly Bucket[];
  readonly bucketSeconds: number;
  /** Of the chart, in pixels. */
  readonly width: number;
  readonly height: number;
  readonly x: (at: string) => number | undefined;
  readonly keepsEndFree?: boolean;
}) {
  const every = Math.max(1, Math.ceil(buckets.length / Math.max(2, Math.floor(width / 110))));
  const last = keepsEndFree ? buckets.length - every / 2 : buckets.length;
  return buckets.map(({ at }, place) =>
    place % every === 0 && place <= last ? (
      <text key={at} x={x(at)} y={height - 4}>
        {clock(at, bucketSeconds)}
      </text>
    ) : null,
  );
}
