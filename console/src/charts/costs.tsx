import { scaleBand, scaleLinear } from 'd3-scale';
import type { CostMonth } from '../api.ts';
import { ChartFrame, GridLines, short } from './frame.tsx';

const LEFT = 44;
const BOTTOM = 22;
const TOP = 20;

/** A program's costs by month. Each bar shows its amount. */
export function CostsChart({ costs }: { readonly costs: readonly CostMonth[] }) {
  const months = costs.map(({ month, amount }) => ({ month: month.slice(0, 7), amount }));
  const list = months.map(({ month, amount }) => `${month} ${amount.toLocaleString('en')}`).join(', ');
  return (
    <ChartFrame
      label={`Costs by month: ${list}`}
      height={190}
      head={['Month', 'Amount']}
      rows={months.map(({ month, amount }) => [month, amount])}
    >
      {({ width, height }) => {
        const amounts = months.map(({ amount }) => amount);
        const x = scaleBand<string>()
          .domain(months.map(({ month }) => month))
          .range([LEFT, Math.min(width, LEFT + months.length * 90)])
          .padding(0.25);
        const y = scaleLinear()
          .domain([Math.min(0, ...amounts), Math.max(1, ...amounts)])
          .nice(4)
          .range([height - BOTTOM, TOP]);
        return (
          <>
            <GridLines ticks={y.ticks(4)} y={y} left={LEFT} right={width} format={short} />
            {months.map(({ month, amount }) => (
              <g key={month}>
                <rect
                  className="bar"
                  rx="2"
                  x={x(month)}
                  y={Math.min(y(0), y(amount))}
                  width={x.bandwidth()}
                  height={Math.abs(y(0) - y(amount))}
                />
                <text
                  className="amount"
                  x={(x(month) ?? 0) + x.bandwidth() / 2}
                  y={Math.min(y(0), y(amount)) - 5}
                  textAnchor="middle"
                >
                  {x.bandwidth() > 42 ? amount.toLocaleString('en') : short(amount)}
                </text>
                <text x={(x(month) ?? 0) + x.bandwidth() / 2} y={height - 5} textAnchor="middle">
                  {x.bandwidth() > 42 ? month : month.slice(5)}
                </text>
              </g>
            ))}
          </>
        );
      }}
    </ChartFrame>
  );
}
