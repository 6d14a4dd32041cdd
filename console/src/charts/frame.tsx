import { type ReactNode, useEffect, useRef, useState } from 'react';

/** The place of a chart, in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A chart as wide as its place, with its numbers as a table for those who don't see it. */
export function ChartFrame({
  label,
  height,
  head,
  rows,
  legend,
  children,
}: {
  readonly label: string;
  readonly height: number;
  /** The headings of the table. */
  readonly head: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
  readonly legend?: ReactNode;
  readonly children: (size: Size) => ReactNode;
}) {
  const place = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return (
    <figure>
      {legend}
      <div ref={place}>
        {width > 0 && (
          <svg
            className="chart"
            viewBox={`0 0 ${width} ${height}`}
            width={width}
            height={height}
            role="img"
            aria-label={label}
          >
            {children({ width, height })}
          </svg>
        )}
      </div>
      <details>
        <summary>Show the numbers</summary>
        {/* biome-ignore lint/a11y/useSemanticElements: it is no part of a form */}
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls must be reachable by keyboard */}
        <div className="table-scroll" tabIndex={0} role="group" aria-label={`${label}: numbers`}>
          <table>
            <thead>
              <tr>
                {head.map((title) => (
                  <th key={title} scope="col">
                    {title}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row[0]}>
                  {row.map((cell, column) => (
                    <td key={head[column]} className={typeof cell === 'number' ? 'number' : undefined}>
                      {typeof cell === 'number' ? cell.toLocaleString('en') : cell}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}

/** Horizontal lines with their values at the left. */
export function GridLines({
  ticks,
  y,
  left,
  right,
  format,
}: {
  readonly ticks: readonly number[];
  readonly y: (value: number) => number;
  readonly left: number;
  readonly right: number;
  readonly format: (value: number) => string;
}) {
  return ticks.map((tick) => (
    <g key={tick}>
      <line className="gridline" x1={left} x2={right} y1={y(tick)} y2={y(tick)} />
      <text x={left - 6} y={y(tick) + 4} textAnchor="end">
        {format(tick)}
      </text>
    </g>
  ));
}

const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

/** Returns a number as short as it can be read: 1.5K. */
export const short = (value: number): string => compact.format(value);
