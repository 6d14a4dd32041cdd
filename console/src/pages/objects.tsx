import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { Pipeline as PipelineReport, TypeInfo } from '../api.ts';
import { PipelineChart } from '../charts/pipeline.tsx';
import { get } from '../http.ts';
import { Page, Panel } from '../ui/panel.tsx';
import { Empty, Loaded } from '../ui/states.tsx';
import { Table } from '../ui/table.tsx';

export const useTypes = () =>
  useQuery({
    queryKey: ['types'],
    queryFn: ({ signal }) => get<readonly TypeInfo[]>('/types', {}, signal),
    staleTime: 15_000,
  });

/** The record types, and the pipeline of opportunities. */
export function ObjectsPage() {
  const types = useTypes();
  return (
    <Page title="Objects">
      <Loaded query={types}>
        {(list) => (
          <Panel title="Types" bare>
            <Table
              label="Types"
              items={list}
              keyOf={({ name }) => name}
              hrefOf={({ name }) => `/objects/${name}`}
              columns={[
                { title: 'Type', cell: ({ name }) => name },
                {
                  title: 'Objects',
                  number: true,
                  cell: ({ count }) => count.toLocaleString('en'),
                },
                { title: 'Fields', number: true, cell: ({ fields }) => fields.length },
                {
                  title: 'Custom fields',
                  number: true,
                  cell: ({ fields }) => fields.filter(({ custom }) => custom).length,
                },
                { title: 'Table', cell: ({ table }) => <code>{table}</code> },
              ]}
            />
          </Panel>
        )}
      </Loaded>
      <Pipeline />
    </Page>
  );
}

/** Amounts of opportunities by stage. */
export function Pipeline() {
  const stages = useQuery({
    queryKey: ['pipeline'],
    queryFn: ({ signal }) => get<PipelineReport>('/reports/pipeline', {}, signal),
  });
  return (
    <Panel title="Pipeline by stage">
      <Loaded query={stages}>
        {({ stages: list }) =>
          list.length === 0 ? (
            <Empty title="There are no opportunities.">
              They arrive with calls of an integration. <Link href="/try">Make one here.</Link>
            </Empty>
          ) : (
            <PipelineChart stages={list} />
          )
        }
      </Loaded>
    </Panel>
  );
}
