import { useQuery } from '@tanstack/react-query';
import type { Costs as CostsReport, ObjectDetail } from '../api.ts';
import { CostsChart } from '../charts/costs.tsx';
import { get } from '../http.ts';
import { Panel } from '../ui/panel.tsx';
import { Loaded } from '../ui/states.tsx';
import { Table } from '../ui/table.tsx';
import { Text } from '../ui/text.tsx';

interface Cost {
  readonly id: number;
  readonly month: string;
  readonly amount: number;
  readonly note?: string | null;
}

/** A program's costs, by month and one by one, and its tags. */
export function ProgramParts({ object }: { readonly object: ObjectDetail }) {
  const { costs = [], tags = {} } = object.parts as {
    readonly costs?: readonly Cost[];
    readonly tags?: Readonly<Record<string, string>>;
  };
  return (
    <div className="columns">
      <Costs programId={object.id} costs={costs} />
      <Panel title="Tags">
        {Object.keys(tags).length === 0 ? (
          <p className="muted">It has none.</p>
        ) : (
          <dl className="facts">
            {Object.entries(tags).map(([type, value]) => (
              <Tag key={type} type={type} value={value} />
            ))}
          </dl>
        )}
      </Panel>
    </div>
  );
}

function Tag({ type, value }: { readonly type: string; readonly value: string }) {
  return (
    <>
      <dt>
        <Text value={type} most={80} />
      </dt>
      <dd>
        <Text value={value} />
      </dd>
    </>
  );
}

function Costs({ programId, costs }: { readonly programId: number; readonly costs: readonly Cost[] }) {
  const byMonth = useQuery({
    queryKey: ['costs', programId],
    queryFn: ({ signal }) => get<CostsReport>('/reports/costs', { programId }, signal),
  });
  if (costs.length === 0 && byMonth.data?.months.length === 0) {
    return (
      <Panel title="Costs by month">
        <p className="muted">It has none. Calls add them as the attribute type Cost.</p>
      </Panel>
    );
  }
  return (
    <>
      <Panel title="Costs by month">
        <Loaded query={byMonth}>{({ months }) => <CostsChart costs={months} />}</Loaded>
      </Panel>
      {costs.length > 0 && (
        <Panel title={costs.length === 1 ? '1 cost' : `${costs.length} costs`} bare>
          <Table
            label="Costs"
            items={costs}
            keyOf={({ id }) => id}
            columns={[
              { title: 'Id', number: true, cell: ({ id }) => id },
              { title: 'Month', cell: ({ month }) => month.slice(0, 7) },
              { title: 'Amount', number: true, cell: ({ amount }) => amount.toLocaleString('en') },
              { title: 'Note', cell: ({ note }) => note && <Text value={note} /> },
            ]}
          />
        </Panel>
      )}
    </>
  );
}
