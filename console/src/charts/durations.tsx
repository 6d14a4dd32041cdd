import { scaleLinear, scalePoint } from 'd3-scale';
import { line } from 'd3-shape';
import type { Bucket } from '../api.ts';
import { ChartFrame, GridLines } from './frame.tsx';
import { clock, TimeAxis } from './time-axis.tsx';

const LEFT = 40;
const BOTTOM = 20;
const TOP = 8;
const kinds = [
  { key: 'medianMs', title: 'Median', className: 'line median' },
  { key: 'p99Ms', title: '99th percentile', className: 'line p99' },
] as const;

/** The durations of calls over time, in milliseconds. */
export function Durations({
  buckets,
  bucketSeconds,
}: {
  readonly buckets: readonly Bucket[];
  readonly bucketSeconds: number;
}) {
  const measured = buckets.filter(({ medianMs }) => medianMs !== null);
  return (
    <ChartFrame
      label="Durations of calls over time, in milliseconds"
      height={160}
      head={['From', 'Median ms', '99th percentile ms']}
      rows={measured.map(({ at, medianMs, p99Ms }) => [
        clock(at, bucketSeconds),
        medianMs ?? '',
        p99Ms ?? '',
      ])}
      legend={
        <ul className="legend">
          {kinds.map(({ title, className }) => (
            <li key={title}>
              <svg viewBox="0 0 10 10" className="chart" aria-hidden="true">
                <line x1="0" x2="10" y1="5" y2="5" className={className} />
              </svg>
              {title}
            </li>
          ))}
        </ul>
      }
    >
      {({ width, height }) => {
        const highest = Math.max(1, ...measured.map(({ p99Ms, medianMs }) => p99Ms ?? medianMs ?? 0));
        const x = scalePoint<string>()
          .domain(buckets.map(({ at }) => at))
          .range([LEFT, width]);
        const y = scaleLinear()
          .domain([0, highest])
          .nice(3)
          .range([height - BOTTOM, TOP]);
        return (
          <>
            <GridLines ticks={y.ticks(3)} y={y} left={LEFT} right={width} format={(value) => `${value}`} />
            {kinds.map(({ key, className }) => (
              <g key={key}>
                <path
                  className={className}
                  d={
                    line<Bucket>()
                      .x(({ at }) => x(at) ?? 0)
                      .y((bucket) => y(bucket[key] ?? 0))([...measured]) ?? ''
                  }
                />
                {measured.map((bucket) => (
                  <circle
                    key={bucket.at}
                    className={className}
                    cx={x(bucket.at)}
                    cy={y(bucket[key] ?? 0)}
                    r="1.5"
                  />
                ))}
              </g>
            ))}
            <TimeAxis {...{ buckets, bucketSeconds, width, height, x }} keepsEndFree />
          </>
        );
      }}
    </ChartFrame>
  );
}
