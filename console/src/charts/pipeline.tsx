import { scaleBand, scaleLinear } from 'd3-scale';
import type { PipelineStage } from '../api.ts';
import { ChartFrame, short } from './frame.tsx';

const LEFT = 120;
const LINE = 28;

const nameOf = ({ stage }: PipelineStage) => stage ?? 'no stage';
const cut = (text: string) => (text.length > 17 ? `${text.slice(0, 16)}…` : text);

/** The opportunities by stage: their amounts as bars, with their number. */
export function PipelineChart({ stages }: { readonly stages: readonly PipelineStage[] }) {
  return (
    <ChartFrame
      label="Amounts of opportunities by stage"
      height={stages.length * LINE + 8}
      head={['Stage', 'Opportunities', 'Amount']}
      rows={stages.map((stage) => [nameOf(stage), stage.opportunities, stage.amount])}
    >
      {({ width, height }) => {
        const right = width - 110;
        const y = scaleBand<string>().domain(stages.map(nameOf)).range([0, height]).padding(0.25);
        const x = scaleLinear()
          .domain([0, Math.max(1, ...stages.map(({ amount }) => amount))])
          .range([LEFT, Math.max(LEFT + 40, right)]);
        return stages.map((stage) => {
          const top = y(nameOf(stage)) ?? 0;
          const middle = top + y.bandwidth() / 2 + 4;
          return (
            <g key={nameOf(stage)}>
              <text x={LEFT - 8} y={middle} textAnchor="end">
                <title>{nameOf(stage)}</title>
                {cut(nameOf(stage))}
              </text>
              <rect
                className="bar"
                rx="2"
                x={LEFT}
                y={top}
                height={y.bandwidth()}
                width={Math.max(1, x(Math.max(0, stage.amount)) - LEFT)}
              />
              <text className="amount" x={x(Math.max(0, stage.amount)) + 6} y={middle}>
                {short(stage.amount)} · {stage.opportunities.toLocaleString('en')}
              </text>
            </g>
          );
        });
      }}
    </ChartFrame>
  );
}
