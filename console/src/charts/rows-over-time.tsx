import { scaleBand, scaleLinear } from 'd3-scale';
import { stack } from 'd3-shape';
import { type Bucket, statuses } from '../api.ts';
import { ChartFrame, GridLines, short } from './frame.tsx';
import { clock, TimeAxis } from './time-axis.tsx';

const LEFT = 40;
const BOTTOM = 20;
const TOP = 8;

const fillOf = (status: string) => `fill-${status.toLowerCase()}`;

/** Rows of calls by status, stacked, over time. */
export function RowsOverTime({
  buckets,
  bucketSeconds,
}: {
  readonly buckets: readonly Bucket[];
  readonly bucketSeconds: number;
}) {
  const present = statuses.filter((status) => buckets.some(({ rows }) => (rows[status] ?? 0) > 0));
  const total = buckets.flatMap(({ rows }) => Object.values(rows)).reduce((sum, count) => sum + count, 0);
  return (
    <ChartFrame
      label={`Rows by status over time, ${total} in all`}
      height={200}
      head={['From', 'Calls', 'Faults', ...present]}
      rows={buckets
        .filter(({ calls }) => calls > 0)
        .map(({ at, calls, faults, rows }) => [
          clock(at, bucketSeconds),
          calls,
          faults,
          ...present.map((status) => rows[status] ?? 0),
        ])}
      legend={
        <ul className="legend">
          {present.map((status) => (
            <li key={status}>
              <svg viewBox="0 0 10 10" className="chart" aria-hidden="true">
                <rect width="10" height="10" rx="2" className={fillOf(status)} />
              </svg>
              {status}
            </li>
          ))}
        </ul>
      }
    >
      {({ width, height }) => {
        const layers = stack<Bucket, string>()
          .keys(present)
          .value(({ rows }, key) => rows[key as keyof typeof rows] ?? 0)([...buckets]);
        const highest = Math.max(4, ...layers.flatMap((layer) => layer.map(([, top]) => top)));
        const x = scaleBand<string>()
          .domain(buckets.map(({ at }) => at))
          .range([LEFT, width])
          .paddingInner(0.15);
        const y = scaleLinear()
          .domain([0, highest])
          .nice(4)
          .range([height - BOTTOM, TOP]);
        return (
          <>
            <GridLines ticks={y.ticks(4)} y={y} left={LEFT} right={width} format={short} />
            {layers.map((layer) => (
              <g key={layer.key} className={fillOf(layer.key)}>
                {layer.map(([from, to], place) => {
                  const at = buckets[place]?.at ?? '';
                  return from === to ? null : (
                    <rect
                      key={at}
                      x={x(at)}
                      y={y(to)}
                      width={Math.max(1, x.bandwidth())}
                      height={Math.max(0.5, y(from) - y(to))}
                    >
                      <title>{`${clock(at, bucketSeconds)}: ${to - from} ${layer.key}`}</title>
                    </rect>
                  );
                })}
              </g>
            ))}
            <TimeAxis {...{ buckets, bucketSeconds, width, height, x }} />
          </>
        );
      }}
    </ChartFrame>
  );
}
